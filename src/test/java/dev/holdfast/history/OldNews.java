package dev.holdfast.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One attribute counts up, written on whatever server, one write after the other, and is read on
 * all of them. With {@code cache=tracking} a read may be older than the last answered write, but by
 * no more than {@code cache.lag}; and not at all on the server that wrote.
 */
final class OldNews extends Workload {
  private final List<Counting> sessions = new ArrayList<>();
  private final Duration lag;

  /** A session, whose writer holds the lock. */
  private static final class Counting {
    final Visitor visitor;
    final ReentrantLock writing = new ReentrantLock();
    long last;

    Counting(Visitor visitor) {
      this.visitor = visitor;
    }
  }

  OldNews(int sessions, int clients, Duration lag) {
    super("old-news", clients);
    this.lag = lag;
    for (int i = 0; i < sessions; i++) {
      this.sessions.add(new Counting(new Visitor("old-news" + i)));
    }
  }

  @Override
  void prepare(Client client) throws InterruptedException {
    for (Counting session : sessions) {
      client.insist(client.anyNode(), session.visitor, "open", "set v 0");
    }
  }

  @Override
  void step(Client client) throws InterruptedException {
    Counting session = sessions.get(client.random().nextInt(sessions.size()));
    if (client.random().nextInt(8) == 0 && session.writing.tryLock()) {
      try {
        session.last++;
        client.send(session.visitor, "set v " + session.last);
      } finally {
        session.writing.unlock();
      }
    } else {
      client.send(session.visitor, "get v");
    }
    client.pause(client.random().nextInt(10));
  }

  @Override
  void finish(Client client) throws InterruptedException {
    client.pause(lag.toMillis());
    for (Counting session : sessions) {
      for (int i = 0; i < client.nodes(); i++) {
        client.insist(client.node(i), session.visitor, "get v");
      }
    }
  }

  @Override
  List<Violation> judge(Round round) {
    List<Violation> violations = new ArrayList<>();
    round
        .history()
        .sessions(name())
        .forEach((session, requests) -> violations.addAll(judge(requests)));
    return violations;
  }

  private List<Violation> judge(List<Request> requests) {
    List<Violation> violations = new ArrayList<>();
    List<Request> writes = requests.stream().filter(r -> r.isOk() && r.has("set")).toList();
    List<Long> unanswered =
        requests.stream().filter(r -> !r.isOk() && r.has("set")).map(OldNews::written).toList();
    for (Request read : requests) {
      if (!read.isOk() || read.has("set")) {
        continue;
      }
      if (read.foundNone()) {
        violations.add(SetDisjoint.lost(read));
        continue;
      }
      long found = Long.parseLong(read.results().get(0));
      if (unanswered.contains(found)) {
        count("reads of a write without an answer", 1);
        continue;
      }
      for (Request write : writes) {
        boolean here = write.node().equals(read.node());
        long known = write.completed() + (here ? 0 : lag.toNanos());
        if (known < read.invoked() && found < written(write)) {
          violations.add(
              new Violation("T1", "a read is older than cache.lag", List.of(write, read)));
        }
      }
      boolean old =
          writes.stream().anyMatch(w -> w.completed() < read.invoked() && found < written(w));
      count(old ? "reads that were old" : "reads that were not old", 1);
    }
    return violations;
  }

  private static long written(Request request) {
    return request.steps().stream()
        .filter(step -> step.startsWith("set v "))
        .mapToLong(step -> Long.parseLong(step.substring("set v ".length())))
        .findFirst()
        .orElseThrow();
  }
}
