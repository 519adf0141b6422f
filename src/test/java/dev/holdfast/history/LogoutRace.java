package dev.holdfast.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A session ends on one server while a slow request of another still writes to it. I3: after the
 * answer no request sees it, whatever was under way, I14: nor does a write without an answer bring
 * it back. I9: its listeners are told once, and a value in it.
 */
final class LogoutRace extends Workload {
  private final Map<String, Visitor> ended = new ConcurrentHashMap<>();
  private final int writers;

  LogoutRace(int clients) {
    this(clients, 2);
  }

  /** With so many slow writers for each session. */
  LogoutRace(int clients, int writers) {
    super("logout-race", clients);
    this.writers = writers;
  }

  @Override
  void step(Client client) throws InterruptedException {
    String session = "logout" + client.number() + "-" + client.history().now();
    Visitor visitor = new Visitor(session);
    if (!client.send(visitor, "open", "set base " + session, "note noted " + session).isOk()) {
      return;
    }
    int home = client.random().nextInt(client.nodes());
    List<CompletableFuture<Request>> slow = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      slow.add(
          client.start(
              client.node((home + 1) % client.nodes()),
              visitor.copy(),
              "get base",
              "sleep " + client.random().nextInt(150),
              "set late " + session));
    }
    client.pause(client.random().nextInt(80));
    Visitor leaving = visitor.copy();
    Request end = client.send(client.node(home), leaving, "invalidate");
    client.send(client.node((home + 1) % client.nodes()), visitor.copy(), "all");
    for (CompletableFuture<Request> request : slow) {
      try {
        request.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
    }
    if (end.isOk()) {
      ended.put(session, visitor);
    }
    client.pause(client.random().nextInt(50));
  }

  @Override
  void finish(Client client) throws InterruptedException {
    for (Map.Entry<String, Visitor> entry : ended.entrySet()) {
      if (entry.getKey().startsWith("logout" + client.number() + "-")) {
        client.insist(client.anyNode(), entry.getValue().copy(), "all");
      }
    }
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    Told told = new Told(round);
    round
        .history()
        .sessions(name())
        .forEach(
            (session, requests) -> {
              Request end =
                  requests.stream().filter(r -> r.has("invalidate")).findFirst().orElse(null);
              if (end == null) {
                return;
              }
              boolean answered = end.isOk() && end.results().contains("ok");
              violations.addAll(told.judge(end, answered && !round.mayHaveMissed(end)));
              if (answered) {
                judge(end, requests, violations);
              }
            });
    return violations;
  }

  private void judge(Request end, List<Request> requests, List<Violation> violations) {
    count("logouts judged", 1);
    for (Request later : requests) {
      if (later.invoked() > end.completed() && later.isOk() && !later.foundNone()) {
        violations.add(
            new Violation("I3", "a session was seen after its end", List.of(end, later)));
      }
    }
  }
}
