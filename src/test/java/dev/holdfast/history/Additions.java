package dev.holdfast.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All clients add unique values in place to one list of a session, on whatever server, in requests
 * that take turns ({@code lock.paths}). None that was answered is lost, comes twice or in another
 * order; none that was refused with 409 is there. What each saw when it had added its own is the
 * beginning of what there is in the end.
 */
final class Additions extends Workload {
  private final List<Visitor> visitors = new ArrayList<>();

  Additions(int sessions, int clients) {
    super("additions", clients);
    for (int i = 0; i < sessions; i++) {
      visitors.add(new Visitor("additions" + i));
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
    String append =
        "append log " + visitor.session() + ":" + client.number() + ":" + client.history().now();
    if (client.random().nextInt(4) == 0) {
      client.sendLocked(visitor, "get log", "sleep " + client.random().nextInt(100), append);
    } else {
      client.sendLocked(visitor, append);
    }
    client.pause(5 + client.random().nextInt(20));
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
        .forEach((session, requests) -> violations.addAll(judge(session, requests)));
    return violations;
  }

  private List<Violation> judge(String session, List<Request> requests) {
    List<Violation> violations = new ArrayList<>();
    requests.stream()
        .filter(Request::foundNone)
        .forEach(gone -> violations.add(SetDisjoint.lost(gone)));
    List<Request> reads = requests.stream().filter(r -> r.isOk() && isLook(r)).toList();
    if (reads.isEmpty() || !violations.isEmpty()) {
      return violations;
    }
    Request last = reads.get(reads.size() - 1);
    List<String> found = Arrays.asList(last.results().get(0).split(","));
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < found.size(); i++) {
      String element = found.get(i);
      if (places.put(element, i) != null) {
        requests.stream()
            .filter(request -> added(request).equals(element))
            .forEach(request -> violations.add(violation(element + " is twice in", request, last)));
      }
    }
    for (Request request : requests) {
      String added = added(request);
      if (added.isEmpty()) {
        continue;
      }
      if (!request.isOk()) {
        boolean refused = request.status() == 409;
        if (refused && places.containsKey(added)) {
          violations.add(violation("what was refused is there", request, last));
        }
        count(refused ? "additions refused" : "additions without an answer", 1);
        continue;
      }
      List<String> results = request.results();
      List<String> seen = Arrays.asList(results.get(results.size() - 1).split(","));
      if (!places.containsKey(added)) {
        violations.add(violation("an answered addition is lost", request, last));
      } else if (seen.size() > found.size() || !seen.equals(found.subList(0, seen.size()))) {
        violations.add(violation("what an addition saw was not so", request, last));
      }
      count("additions", 1);
    }
    return violations;
  }

  private static boolean isLook(Request request) {
    return request.steps().equals(List.of("get log"));
  }

  private static String added(Request request) {
    return request.steps().stream()
        .filter(step -> step.startsWith("append "))
        .map(step -> step.split(" ")[2])
        .findFirst()
        .orElse("");
  }

  private static Violation violation(String what, Request... requests) {
    return new Violation("L1", what, List.of(requests));
  }
}
