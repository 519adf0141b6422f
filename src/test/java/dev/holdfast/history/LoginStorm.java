package dev.holdfast.history;

import dev.holdfast.history.Request.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Logins and rotations of one session at once, all with the same token, beside writers on another
 * server that entered before. I7: afterwards one token opens the session, and nobody was sent one
 * that does not; but requests on one server share the session's object, so there the second of two
 * rotations supersedes the first, as in a container. I8: a writer that writes after a login
 * elsewhere was answered is refused, and no writer is answered 200 and dropped.
 */
final class LoginStorm extends Workload {
  private static final String DELAY = "sleep ";

  /** Tokens by the session they are of, in the order they were met. */
  private final Map<String, Set<String>> tokens = new ConcurrentHashMap<>();

  LoginStorm(int clients) {
    super("login-storm", clients);
  }

  @Override
  void step(Client client) throws InterruptedException {
    String session = "storm" + client.number() + "-" + client.history().now();
    Visitor visitor = new Visitor(session);
    if (!client.send(visitor, "open", "set base " + session).isOk()) {
      return;
    }
    Set<String> known = new LinkedHashSet<>(List.of(visitor.token()));
    int home = client.random().nextInt(client.nodes());
    List<CompletableFuture<Request>> running = new ArrayList<>();
    List<Visitor> others = new ArrayList<>();
    Visitor slow = visitor.copy();
    running.add(
        client.start(
            client.node((home + 1) % client.nodes()),
            slow,
            "get base",
            DELAY + (50 + client.random().nextInt(250)),
            "set pre " + session));
    client.pause(client.random().nextInt(40));
    for (int i = 0; i <= client.random().nextInt(3); i++) {
      Visitor other = visitor.copy();
      others.add(other);
      Site.Node node = client.random().nextInt(3) == 0 ? client.anyNode() : client.node(home);
      running.add(
          client.start(
              node, other, "get base", client.random().nextBoolean() ? "login root" : "rotate"));
    }
    for (CompletableFuture<Request> request : running) {
      try {
        request.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
    }
    others.add(slow);
    others.stream().map(Visitor::token).filter(token -> !token.isEmpty()).forEach(known::add);
    tokens.put(session, known);
    client.pause(client.random().nextInt(50));
  }

  @Override
  void finish(Client client) throws InterruptedException {
    // Each session by one of the clients.
    for (Map.Entry<String, Set<String>> entry : tokens.entrySet()) {
      if (entry.getKey().startsWith("storm" + client.number() + "-")) {
        for (String token : entry.getValue()) {
          client.insist(client.anyNode(), new Visitor(entry.getKey()).with(token), "all");
        }
      }
    }
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    round
        .history()
        .sessions(name())
        .forEach(
            (session, requests) -> {
              if (tokens.containsKey(session)) {
                judge(requests, violations);
              }
            });
    return violations;
  }

  private void judge(List<Request> requests, List<Violation> violations) {
    List<Request> rotations =
        requests.stream().filter(r -> r.has("login") || r.has("rotate")).toList();
    List<Request> answered =
        rotations.stream().filter(r -> r.isOk() && !r.issued().equals("-")).toList();
    boolean unknown = rotations.stream().anyMatch(r -> r.outcome() == Outcome.INFO);
    Map<String, Request> probes = new HashMap<>();
    requests.stream().filter(r -> r.has("all") && r.isOk()).forEach(r -> probes.put(r.sent(), r));
    List<Request> live = probes.values().stream().filter(r -> !r.foundNone()).toList();
    if (live.size() > 1) {
      violations.add(new Violation("I7", "more than one token opens the session", live));
    }
    if (live.isEmpty() && !unknown) {
      violations.add(new Violation("I7", "no token opens the session any more", requests));
    }
    for (Request rotation : answered) {
      Request probe = probes.get(rotation.issued());
      if (unknown || probe == null || !probe.foundNone()) {
        continue;
      }
      if (answered.stream().anyMatch(r -> r != rotation && r.node().equals(rotation.node()))) {
        count("tokens superseded by another rotation on the same server", 1);
      } else {
        violations.add(
            new Violation(
                "I7", "a client was sent a token that is dead", List.of(rotation, probe)));
      }
    }
    if (!answered.isEmpty()) {
      count("rotations judged", 1);
    }
    requests.stream()
        .filter(r -> r.has("set pre"))
        .findFirst()
        .ifPresent(slow -> judgeWriter(slow, answered, live, violations));
  }

  private void judgeWriter(
      Request slow, List<Request> answered, List<Request> live, List<Violation> violations) {
    String value = slow.steps().get(2).split(" ")[2];
    Optional<Request> reader = live.stream().findFirst();
    boolean visible =
        reader.map(r -> SetDisjoint.attributes(r).getOrDefault("pre", "")).orElse("").equals(value);
    boolean wrote = slow.isOk() && slow.result("set pre " + value).orElse("").equals("ok");
    if (wrote && reader.isPresent() && !visible) {
      violations.add(
          new Violation("I8", "a write was answered and dropped", List.of(slow, reader.get())));
    }
    long delay = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(slow.steps().get(1).split(" ")[1]));
    boolean sameNode = answered.stream().anyMatch(r -> r.node().equals(slow.node()));
    for (Request login : answered) {
      if (sameNode || login.completed() >= slow.invoked() + delay) {
        continue;
      }
      if (slow.isOk() && slow.foundNone()) {
        continue;
      }
      count("writers judged that wrote after a login elsewhere", 1);
      if (wrote || visible) {
        List<Request> involved = new ArrayList<>(List.of(slow, login));
        reader.ifPresent(involved::add);
        violations.add(
            new Violation(
                "I8", "a request that entered before a login elsewhere wrote after it", involved));
      }
    }
  }
}
