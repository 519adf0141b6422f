package dev.holdfast.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** How often an operation was waited for, and how long. Safe for use by many threads. */
final class Timings {
  private final ConcurrentMap<String, Timing> all = new ConcurrentHashMap<>();

  /** An operation was waited for. */
  void took(String operation, long nanos) {
    Timing timing = all.get(operation);
    if (timing == null) {
      timing = all.computeIfAbsent(operation, key -> new Timing());
    }
    timing.took(nanos);
  }

  /** What was waited for so far, by operation, in the order of the names. */
  Map<String, Timing> all() {
    return new TreeMap<>(all);
  }

  /** The waits for one operation. */
  static final class Timing {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    private Timing() {}

    private void took(long wait) {
      count.increment();
      nanos.add(wait);
      longest.accumulate(wait);
    }

    /** How often. */
    long count() {
      return count.sum();
    }

    /** How long in all, in nanoseconds. */
    long nanos() {
      return nanos.sum();
    }

    /** The longest wait, in nanoseconds. */
    long longestNanos() {
      return longest.get();
    }
  }
}
