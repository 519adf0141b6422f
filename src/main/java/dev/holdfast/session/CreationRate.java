package dev.holdfast.session;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many sessions this node may create: so many a second on average, {@link #BURST} of it at once
 * after a quiet time. A site's own visitors come in bursts, above all after a restart; a flood goes
 * on.
 *
 * <p>One number, the time at which the next session would be due if all came evenly: it moves on by
 * an interval for each, and may be ahead of the clock by no more than the burst.
 */
final class CreationRate {
  /** How much of it may be used up at once. */
  static final Duration BURST = Duration.ofSeconds(10);

  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong due;

  /**
   * @param perSecond 0 for any number
   */
  CreationRate(int perSecond, LongSupplier nanoTime) {
    this.intervalNanos = perSecond == 0 ? 0 : SECOND_NANOS / perSecond;
    this.nanoTime = nanoTime;
    this.due = new AtomicLong(nanoTime.getAsLong());
  }

  /** Whether one more may be created now; it counts if so. */
  boolean admit() {
    if (intervalNanos == 0) {
      return true;
    }
    while (true) {
      long now = nanoTime.getAsLong();
      long before = due.get();
      long from = before - now > 0 ? before : now;
      if (from - now > BURST.toNanos() - intervalNanos) {
        return false;
      }
      if (due.compareAndSet(before, from + intervalNanos)) {
        return true;
      }
    }
  }
}
