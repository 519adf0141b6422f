package dev.holdfast.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many a second on average, and after a quiet time the number of a while at once. Threads may
 * share it.
 *
 * <p>One number, the time at which the next would be due if all came evenly: it moves on by an
 * interval for each, and may be ahead of the clock by no more than the burst.
 */
public final class RateLimit {
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  private final long intervalNanos;
  private final long burstNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong due;

  /**
   * @param perSecond 0 for any number
   * @param burst the number of this time may be used up at once; at least that of one
   */
  public RateLimit(int perSecond, Duration burst) {
    this(perSecond, burst, System::nanoTime);
  }

  /**
   * @param nanoTime a clock in nanoseconds that never goes back
   */
  RateLimit(int perSecond, Duration burst, LongSupplier nanoTime) {
    this.intervalNanos = perSecond == 0 ? 0 : SECOND_NANOS / perSecond;
    this.burstNanos = burst.toNanos();
    this.nanoTime = nanoTime;
    this.due = new AtomicLong(nanoTime.getAsLong());
  }

  /** Whether one more is allowed now; it counts if so. */
  public boolean admit() {
    if (intervalNanos == 0) {
      return true;
    }
    while (true) {
      long now = nanoTime.getAsLong();
      long before = due.get();
      long from = before - now > 0 ? before : now;
      if (from - now > burstNanos - intervalNanos) {
        return false;
      }
      if (due.compareAndSet(before, from + intervalNanos)) {
        return true;
      }
    }
  }
}
