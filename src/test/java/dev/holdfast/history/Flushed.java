package dev.holdfast.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Redis loses everything, again and again, in declared windows, while every client works with
 * sessions of its own. What was written or seen before a window and is seen after it comes from
 * somebody's copy: I6. While there is no window nothing is lost: I1. Who has lost a session is
 * anonymous, gets one with another id, and never an error.
 */
final class Flushed extends Workload {
  /** What is counted: a session's first request after a loss that found none. */
  static final String ANONYMOUS = "anonymous after a loss";

  private static final int SESSIONS = 3;

  private final Map<String, Visitor> visitors = new ConcurrentHashMap<>();

  Flushed(int clients) {
    super("flushed", clients);
  }

  private Visitor visitor(Client client, int number) {
    return visitors.computeIfAbsent("flushed" + client.number() + "-" + number, Visitor::new);
  }

  @Override
  void step(Client client) throws InterruptedException {
    for (int i = 0; i < SESSIONS; i++) {
      Visitor visitor = visitor(client, i);
      client.send(visitor, "all");
      client.send(visitor, "open", "set v " + visitor.session() + ":" + client.history().now());
      client.send(visitor, "open", "all");
    }
  }

  @Override
  void finish(Client client) throws InterruptedException {
    for (int i = 0; i < SESSIONS; i++) {
      for (int node = 0; node < client.nodes(); node++) {
        client.send(client.node(node), visitor(client, i), "open", "all");
      }
    }
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    History history = round.history();
    history
        .sessions(name())
        .values()
        .forEach(
            requests -> {
              requests.stream()
                  .filter(request -> !request.isOk())
                  .forEach(
                      request ->
                          violations.add(
                              new Violation("no error", "not answered 200", List.of(request))));
              kept(history, requests, violations);
              history.losses().forEach(loss -> gone(loss, requests, violations));
            });
    return violations;
  }

  /** One client sent these, each when the one before was answered. */
  private void kept(History history, List<Request> requests, List<Violation> violations) {
    for (int i = 1; i < requests.size(); i++) {
      Request earlier = requests.get(i - 1);
      Request later = requests.get(i);
      boolean lost =
          history.losses().stream()
              .anyMatch(loss -> loss.from() <= later.completed() && loss.to() >= earlier.invoked());
      if (lost) {
        continue;
      }
      Optional<String> value = value(earlier);
      Optional<String> id = earlier.resultOf("open");
      boolean readsIt = value.isPresent() && later.has("all");
      boolean opensIt = id.isPresent() && later.has("open");
      if ((readsIt && !value.equals(value(later)))
          || (opensIt && !id.equals(later.resultOf("open")))) {
        violations.add(new Violation("I1", "lost without a fault", List.of(earlier, later)));
      }
      count("finds of what the request before left", readsIt || opensIt ? 1 : 0);
    }
  }

  /** Nothing from before a loss is there after it. */
  private void gone(Fault loss, List<Request> requests, List<Violation> violations) {
    Set<String> before = new HashSet<>();
    requests.stream()
        .filter(request -> request.completed() < loss.from())
        .forEach(request -> before.addAll(traces(request)));
    boolean first = !before.isEmpty();
    for (Request request : requests) {
      if (request.invoked() > loss.to()) {
        Set<String> back = traces(request);
        back.retainAll(before);
        if (!back.isEmpty()) {
          violations.add(new Violation("I6", back + " came back after a loss", List.of(request)));
        }
        if (first && request.foundNone()) {
          count(ANONYMOUS, 1);
        }
        first = false;
      }
    }
  }

  /** Id and value of the session that a request has seen or left. */
  private static Set<String> traces(Request request) {
    Set<String> traces = new HashSet<>();
    request.resultOf("open").ifPresent(traces::add);
    value(request).ifPresent(traces::add);
    return traces;
  }

  private static Optional<String> value(Request request) {
    return !request.isOk()
        ? Optional.empty()
        : request.steps().stream()
            .filter(step -> step.startsWith("set v "))
            .map(step -> step.split(" ")[2])
            .findFirst()
            .or(() -> Optional.ofNullable(SetDisjoint.attributes(request).get("v")));
  }
}
