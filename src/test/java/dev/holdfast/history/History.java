package dev.holdfast.history;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Everything that was asked, answered and broken, in one run. */
final class History {
  private final long origin = System.nanoTime();
  private final Collection<Request> requests = new ConcurrentLinkedQueue<>();
  private final Collection<Fault> faults = new ConcurrentLinkedQueue<>();
  private final Collection<Fault> losses = new ConcurrentLinkedQueue<>();

  /** Nanoseconds since it began. */
  long now() {
    return System.nanoTime() - origin;
  }

  void add(Request request) {
    requests.add(request);
  }

  void add(Fault fault) {
    faults.add(fault);
  }

  /** Redis may lose what it is told in this time, and nobody is told. */
  void declareLoss(Fault window) {
    losses.add(window);
  }

  /** The times that were declared, by when they began. */
  List<Fault> losses() {
    return losses.stream().sorted(Comparator.comparingLong(Fault::from)).toList();
  }

  /** Whether what this request did may be lost, or what it read. */
  boolean mayBeLost(Request request) {
    return losses.stream()
        .anyMatch(
            window -> request.invoked() <= window.to() && request.completed() >= window.from());
  }

  /** All requests by the time they were sent. */
  List<Request> requests() {
    return requests.stream().sorted(Comparator.comparingLong(Request::invoked)).toList();
  }

  /** A workload's requests by session, each by the time they were sent. */
  Map<String, List<Request>> sessions(String workload) {
    return requests().stream()
        .filter(request -> request.workload().equals(workload))
        .collect(Collectors.groupingBy(Request::session, LinkedHashMap::new, Collectors.toList()));
  }

  List<Fault> faults() {
    return faults.stream().sorted(Comparator.comparingLong(Fault::from)).toList();
  }

  /** Faults that fell into this time. */
  List<Fault> faults(long from, long to) {
    return faults().stream().filter(fault -> fault.from() <= to && fault.to() >= from).toList();
  }
}
