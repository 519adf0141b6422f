package dev.holdfast.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A list that some change in place, without setAttribute, and others replace. I12: a replaced list
 * never comes back, whoever only read it or changed an old copy; an element added while nobody else
 * changed the list stays.
 */
final class Mutate extends Workload {
  /** For a write without an answer: it cannot have its effect later than this. */
  private static final long UNCERTAIN = TimeUnit.SECONDS.toNanos(3);

  private final List<Visitor> visitors = new ArrayList<>();

  Mutate(int sessions, int clients) {
    super("mutate", clients);
    for (int i = 0; i < sessions; i++) {
      visitors.add(new Visitor("mutate" + i));
    }
  }

  @Override
  void prepare(Client client) throws InterruptedException {
    for (Visitor visitor : visitors) {
      client.insist(client.anyNode(), visitor, "open", "list log " + visitor.session() + ":first");
    }
  }

  @Override
  void step(Client client) throws InterruptedException {
    Visitor visitor = visitors.get(client.random().nextInt(visitors.size()));
    String value = visitor.session() + ":" + client.number() + ":" + client.history().now();
    switch (client.random().nextInt(8)) {
      case 0 -> client.send(visitor, "list log " + value);
      case 1, 2, 3 -> client.send(visitor, "append log " + value);
      default -> client.send(visitor, "get log");
    }
    client.pause(20 + client.random().nextInt(60));
  }

  @Override
  void finish(Client client) throws InterruptedException {
    for (Visitor visitor : visitors) {
      for (int i = 0; i < client.nodes(); i++) {
        client.insist(client.node(i), visitor, "get log");
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
              requests.stream()
                  .filter(Request::foundNone)
                  .forEach(gone -> violations.add(SetDisjoint.lost(gone)));
              violations.addAll(bases(session, requests));
              violations.addAll(additions(requests));
            });
    return violations;
  }

  /** The first element tells which list it is. */
  private static List<Violation> bases(String session, List<Request> requests) {
    Register register = new Register("I12", session + ".log", "null");
    for (Request request : requests) {
      if (request.foundNone()) {
        continue;
      }
      if (request.has("list")) {
        register.write(value(request), request);
      } else if (request.result("get log").isPresent()) {
        register.read(elements(request).get(0), request);
      }
    }
    return register.judge();
  }

  private List<Violation> additions(List<Request> requests) {
    List<Violation> violations = new ArrayList<>();
    for (Request added : requests) {
      if (!added.isOk() || !added.has("append") || isDisputed(added, requests)) {
        continue;
      }
      count("changes in place judged", 1);
      String base = elements(added).get(0);
      for (Request read : requests) {
        boolean later = read.invoked() > added.completed() && read.result("get log").isPresent();
        if (later && elements(read).get(0).equals(base) && !elements(read).contains(value(added))) {
          violations.add(new Violation("I12", "a change in place was lost", List.of(added, read)));
          break;
        }
      }
    }
    return violations;
  }

  private static boolean isDisputed(Request added, List<Request> requests) {
    return requests.stream()
        .filter(other -> other != added && (other.has("append") || other.has("list")))
        .anyMatch(
            other ->
                other.invoked() < added.completed()
                    && added.invoked() < other.completed() + (other.isOk() ? 0 : UNCERTAIN));
  }

  /** What "list" or "append" brought. */
  private static String value(Request request) {
    return request.steps().get(request.steps().size() - 1).split(" ")[2];
  }

  private static List<String> elements(Request request) {
    return Arrays.asList(request.results().get(0).split(","));
  }
}
