package dev.holdfast.history;

import dev.holdfast.history.Request.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of two seconds, asked for just before and just after that. No session ends early (I11,
 * from outside), none much too late, and once a request has found none, none finds it again (I3);
 * its listeners are told, by a sweep if nobody asks for it any more, and once (I9).
 */
final class ExpiryRace extends Workload {
  private static final long IDLE = TimeUnit.SECONDS.toNanos(2);

  /** The touch interval of such a session, a tenth, and the touch that nobody waits for. */
  private static final long SLACK = TimeUnit.MILLISECONDS.toNanos(200 + 300);

  /** In which a sweep comes by, on machines that have more to do. */
  private static final long SWEEP = TimeUnit.SECONDS.toNanos(8);

  /**
   * As long as a sweep that came to nothing, because Redis answered too late, withholds sessions.
   */
  private static final long LATE_SWEEP = TimeUnit.SECONDS.toNanos(40);

  /** How many of the sessions of the end nobody asks for any more. */
  private static final int LEFT_ALONE = 2;

  private final Map<Integer, Visitor> visitors = new ConcurrentHashMap<>();

  ExpiryRace(int clients) {
    super("expiry-race", clients);
  }

  @Override
  void step(Client client) throws InterruptedException {
    Visitor visitor = visitors.get(client.number());
    if (visitor == null) {
      visitor = new Visitor("expiry" + client.number() + "-" + client.history().now());
      if (!open(client, visitor)) {
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
    } else if (client.random().nextInt(8) == 0) {
      visitors.remove(client.number());
    }
  }

  private static boolean open(Client client, Visitor visitor) throws InterruptedException {
    String name = visitor.session();
    return client.send(visitor, "open", "idle 2", "set base " + name, "note noted " + name).isOk();
  }

  /** Leaves some more sessions alone, and all of them for as long as a sweep may take. */
  @Override
  void finish(Client client) throws InterruptedException {
    for (int i = 0; i < LEFT_ALONE; i++) {
      // Of a name that no other round has, or its end would be taken for the one of before.
      String name = "left" + client.number() + "-" + client.history().now();
      boolean unused = open(client, new Visitor(name));
    }
    Round round = client.round();
    long end = client.history().now() + IDLE + SLACK + LATE_SWEEP;
    while (client.history().now() < end && !isAllTold(round)) {
      client.pause(200);
    }
  }

  private boolean isAllTold(Round round) {
    Told told = new Told(round);
    return round.history().sessions(name()).entrySet().stream()
        .allMatch(
            entry ->
                !hasToBeTold(round.history(), entry.getValue()) || told.isComplete(entry.getKey()));
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
              Request last = requests.get(requests.size() - 1);
              boolean certain = hasToBeTold(round.history(), requests);
              violations.addAll(told.judge(last, certain));
              count("ends judged that must be told", certain ? 1 : 0);
              judge(requests, round.history(), violations);
            });
    return violations;
  }

  /** It began, and nothing was broken from then to its end: who claims it and dies tells nobody. */
  private static boolean hasToBeTold(History history, List<Request> requests) {
    long last = requests.get(requests.size() - 1).completed();
    return requests.get(0).isOk()
        && history.faults(requests.get(0).invoked(), last + IDLE + SLACK + SWEEP).isEmpty();
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
