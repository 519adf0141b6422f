package dev.holdfast.backup;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A warning that is worth a line once a minute. */
final class OccasionalWarning {
  private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

  private final Logger logger;
  private final AtomicLong due = new AtomicLong(System.nanoTime());
  private final AtomicLong unsaid = new AtomicLong();

  OccasionalWarning(Logger logger) {
    this.logger = logger;
  }

  void log(String message) {
    long now = System.nanoTime();
    long at = due.get();
    if (now - at < 0 || !due.compareAndSet(at, now + INTERVAL_NANOS)) {
      unsaid.incrementAndGet();
      return;
    }
    long before = unsaid.getAndSet(0);
    logger.log(
        Level.WARNING,
        "{0}{1}",
        message,
        before == 0 ? "" : " (and " + before + " more since the last such line)");
  }
}
