package dev.holdfast.history;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What clients do, and what must be true of what they saw. One object for one round. */
abstract class Workload {
  private final String name;
  private final int clients;

  /** Whatever cannot be judged is counted, so that it is seen how much was judged. */
  private final Map<String, Long> counts = new ConcurrentHashMap<>();

  Workload(String name, int clients) {
    this.name = name;
    this.clients = clients;
  }

  final String name() {
    return name;
  }

  /** How many of them work at once. */
  final int clients() {
    return clients;
  }

  final void count(String what, long by) {
    counts.merge(what, by, Long::sum);
  }

  final Map<String, Long> counts() {
    return counts;
  }

  /** Once, before anything is broken. */
  void prepare(Client client) throws InterruptedException {}

  /** Again and again, by each client. */
  abstract void step(Client client) throws InterruptedException;

  /** Once, when all is well again. */
  void finish(Client client) throws InterruptedException {}

  /** What is wrong. */
  abstract List<Violation> judge(Round round);
}
