package dev.holdfast.metrics;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** How often something was done, and how long it took. Safe for use by many threads. */
public final class Timing {
  private final LongAdder count = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

  Timing() {}

  void took(long time) {
    count.increment();
    nanos.add(time);
    longest.accumulate(time);
  }

  /** How often. */
  public long count() {
    return count.sum();
  }

  /** How long in all, in nanoseconds. */
  public long nanos() {
    return nanos.sum();
  }

  /** The longest time, in nanoseconds. */
  public long longestNanos() {
    return longest.get();
  }
}
