package dev.holdfast.metrics;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A warning that may be due on every request and is worth a line only now and then. */
public final class OccasionalWarning {
  private final Logger logger;
  private final long intervalNanos;
  private final AtomicLong due = new AtomicLong(System.nanoTime());
  private final AtomicLong unsaid = new AtomicLong();

  /**
   * @param interval at most one line in this time
   */
  public OccasionalWarning(Logger logger, Duration interval) {
    this.logger = logger;
    this.intervalNanos = interval.toNanos();
  }

  /** Logs {@code message}, or counts it. */
  public void log(Supplier<String> message) {
    long now = System.nanoTime();
    long at = due.get();
    if (now - at < 0 || !due.compareAndSet(at, now + intervalNanos)) {
      unsaid.incrementAndGet();
      return;
    }
    long before = unsaid.getAndSet(0);
    logger.log(
        Level.WARNING,
        before == 0
            ? message.get()
            : message.get() + " (and " + before + " more since the last such line)");
  }
}
