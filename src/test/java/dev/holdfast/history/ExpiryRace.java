package dev.holdfast.history;

import dev.holdfast.history.Request.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of two seconds, asked for just before and just after that. No session ends early (I11,
 * from outside), none much too late, and once a request has found none, none finds it again (I3);
 * its listeners are told once at most (I9).
 */
final class ExpiryRace extends Workload {
  private static final long IDLE = TimeUnit.SECONDS.toNanos(2);

  /** The touch interval of such a session, a tenth, and the touch that nobody waits for. */
  private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(200 + 300);

  private final Map<Integer, Visitor> visitors = new ConcurrentHashMap<>();

  ExpiryRace(int clients) {
    super("expiry-race", clients);
  }

  @Override
  void step(Client client) throws InterruptedException {
    Visitor visitor = visitors.get(client.number());
    if (visitor == null) {
      visitor = new Visitor("expiry" + client.number() + "-" + client.history().now());
      String base = "set base " + visitor.session();
      if (!client.send(visitor, "open", "idle 2", base).isOk()) {
        return;
      }
      visitors.put(client.number(), visitor);
    }
    long[] gaps = {300, 1000, 1800, 1950, 2100, 2600};
    client.pause(gaps[client.random().nextInt(gaps.length)]);
    Request request = client.send(visitor, "all");
    if (request.isOk() && request.foundNone()) {
      client.send(visitor, "all");
      visitors.remove(client.number());
    }
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    Map<String, Long> told = new HashMap<>();
    round.testimony().forEach(line -> told.merge(line.split(" ")[2], 1L, Long::sum));
    round
        .history()
        .sessions(name())
        .forEach(
            (session, requests) -> {
              if (told.getOrDefault(session, 0L) > 1) {
                violations.add(
                    new Violation("I9", "its end was told more than once", requests.subList(0, 1)));
              }
              judge(requests, round.history(), violations);
            });
    return violations;
  }

  private void judge(List<Request> requests, History history, List<Violation> violations) {
    Request gone = null;
    Request before = null;
    for (Request request : requests) {
      boolean live = request.isOk() && !request.foundNone();
      if (live && gone != null) {
        violations.add(
            new Violation("I3", "a session that was gone came back", List.of(gone, request)));
      }
      if (request.isOk() && request.foundNone()) {
        gone = request;
      }
      if (before != null && isCalm(history, before, request)) {
        judge(before, request, violations);
      }
      before = request;
    }
  }

  private void judge(Request before, Request request, List<Violation> violations) {
    if (before.foundNone() || before.outcome() != Outcome.OK || !request.isOk()) {
      return;
    }
    count("expiries judged", 1);
    @Nullable String fault = null;
    if (request.foundNone() && request.completed() - before.invoked() < IDLE) {
      fault = "a session ended early";
    } else if (!request.foundNone() && request.invoked() - before.completed() > IDLE + SLACK) {
      fault = "a session was found long after its end";
    }
    if (fault != null) {
      violations.add(new Violation("I11", fault, List.of(before, request)));
    }
  }

  /** While something is broken a touch may be lost, and its access with it, or come late. */
  private static boolean isCalm(History history, Request before, Request request) {
    long margin = TimeUnit.MILLISECONDS.toNanos(500);
    return history.faults(before.invoked() - margin, request.completed()).isEmpty();
  }
}
