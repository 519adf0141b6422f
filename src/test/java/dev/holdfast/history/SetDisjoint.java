package dev.holdfast.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Every client writes two attributes of its own with one value, in sessions that all clients share,
 * and reads all. I1: they all survive. I4: both change at once for another server. I5: an answered
 * write is seen by every later request. I6: nothing seen goes back. I10: the time of the last
 * access never goes back, and one request saw a new session. I13: a value stays in its session.
 *
 * <p>An access is stored without anybody waiting for it, so a fault may keep it from being stored;
 * the time then goes back when the session is read anew. That is counted.
 *
 * <p>On one server the requests of a session share its object, as in a container: what one has half
 * done another can see, and saves with its own. I4 is therefore judged for writers that had no
 * company on their server.
 */
final class SetDisjoint extends Workload {
  /** What the product allows for: touch.interval of the site, and the answer of a request. */
  static final long ACCESS_LAG_MILLIS = 1_000;

  private static final long ACCESS_LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(ACCESS_LAG_MILLIS);

  private final List<Visitor> visitors = new ArrayList<>();

  SetDisjoint(int sessions, int clients) {
    super("set-disjoint", clients);
    for (int i = 0; i < sessions; i++) {
      visitors.add(new Visitor("disjoint" + i));
    }
  }

  @Override
  void prepare(Client client) throws InterruptedException {
    for (Visitor visitor : visitors) {
      client.insist(client.anyNode(), visitor, "open", "meta");
    }
  }

  @Override
  void step(Client client) throws InterruptedException {
    Visitor visitor = visitors.get(client.random().nextInt(visitors.size()));
    if (client.random().nextInt(10) < 6) {
      String value = visitor.session() + ":" + client.number() + ":" + client.history().now();
      client.send(
          visitor,
          "set x" + client.number() + " " + value,
          "set y" + client.number() + " " + value);
    } else {
      client.send(visitor, "all", "meta");
    }
    client.pause(10 + client.random().nextInt(30));
  }

  @Override
  void finish(Client client) throws InterruptedException {
    for (Visitor visitor : visitors) {
      for (int i = 0; i < client.nodes(); i++) {
        client.insist(client.node(i), visitor, "all", "meta");
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
              violations.addAll(registers(session, requests));
              violations.addAll(pairs(requests));
              violations.addAll(accesses(round.history(), requests));
              requests.stream()
                  .filter(Request::foundNone)
                  .forEach(gone -> violations.add(lost(gone)));
            });
    return violations;
  }

  static Violation lost(Request request) {
    return new Violation("I1", "a session that nobody ended is gone", List.of(request));
  }

  private static List<Violation> registers(String session, List<Request> requests) {
    List<Violation> violations = new ArrayList<>();
    Map<String, Register> registers = new HashMap<>();
    Set<String> names = new HashSet<>();
    requests.forEach(request -> request.steps().forEach(step -> names.add(attribute(step))));
    names.remove("");
    names.forEach(name -> registers.put(name, new Register("I1", session + "." + name, "")));
    for (Request request : requests) {
      for (String step : request.steps()) {
        if (step.startsWith("set ") && !request.foundNone()) {
          registers.get(attribute(step)).write(step.split(" ")[2], request);
        }
      }
      if (request.result("all").isEmpty() || request.foundNone()) {
        continue;
      }
      Map<String, String> read = attributes(request);
      registers.forEach((name, register) -> register.read(read.getOrDefault(name, ""), request));
      read.values().stream()
          .filter(value -> !value.startsWith(session + ":"))
          .forEach(
              value ->
                  violations.add(
                      new Violation("I13", value + " was read in " + session, List.of(request))));
    }
    registers.values().forEach(register -> violations.addAll(register.judge()));
    return violations;
  }

  private static String attribute(String step) {
    return step.startsWith("set ") ? step.split(" ")[1] : "";
  }

  /** What the step {@code all} gave. */
  static Map<String, String> attributes(Request request) {
    Map<String, String> attributes = new HashMap<>();
    for (String pair : request.result("all").orElse("").split(" ")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        attributes.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return attributes;
  }

  private List<Violation> pairs(List<Request> requests) {
    List<Violation> violations = new ArrayList<>();
    Map<String, Request> writers = new HashMap<>();
    requests.forEach(
        request ->
            request.steps().stream()
                .filter(step -> step.startsWith("set x"))
                .forEach(step -> writers.put(step.split(" ")[2], request)));
    for (Request read : requests) {
      Map<String, String> values = attributes(read);
      values.forEach(
          (name, value) -> {
            String partner = values.getOrDefault("y" + name.substring(1), "");
            if (!name.startsWith("x") || value.equals(partner)) {
              return;
            }
            List<Request> torn = new ArrayList<>(List.of(read));
            for (String written : List.of(value, partner)) {
              Optional.ofNullable(writers.get(written)).ifPresent(torn::add);
            }
            if (hadCompany(torn, requests)) {
              count("reads of a half-done request on a shared session object", 1);
            } else {
              violations.add(new Violation("I4", name + " and its partner came apart", torn));
            }
          });
    }
    return violations;
  }

  private static boolean hadCompany(List<Request> writers, List<Request> requests) {
    return writers.stream()
        .anyMatch(
            writer ->
                requests.stream()
                    .anyMatch(
                        other ->
                            other != writer
                                && other.node().equals(writer.node())
                                && other.overlaps(writer)));
  }

  private List<Violation> accesses(History history, List<Request> requests) {
    List<Violation> violations = new ArrayList<>();
    List<Request> answered =
        requests.stream().filter(request -> meta(request).length == 3).toList();
    List<Request> sawNew =
        answered.stream().filter(request -> meta(request)[1].equals("true")).toList();
    if (sawNew.size() > 1) {
      violations.add(new Violation("I10", "more than one request saw a new session", sawNew));
    }
    for (Request later : answered) {
      for (Request earlier : answered) {
        long back = Long.parseLong(meta(earlier)[2]) - Long.parseLong(meta(later)[2]);
        if (earlier.completed() >= later.invoked() || back <= ACCESS_LAG_MILLIS) {
          continue;
        }
        if (!history.faults(earlier.invoked() - ACCESS_LAG_NANOS, earlier.completed()).isEmpty()) {
          count("accesses that a fault kept from being stored", 1);
        } else {
          violations.add(
              new Violation(
                  "I10", "the last access went back by " + back + " ms", List.of(earlier, later)));
        }
      }
    }
    return violations;
  }

  private static String[] meta(Request request) {
    return request.result("meta").orElse("").split(" ");
  }
}
