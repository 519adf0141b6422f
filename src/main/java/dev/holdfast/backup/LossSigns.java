package dev.holdfast.backup;

import java.time.Duration;

/** Whether there are signs that the store has lost sessions. */
final class LossSigns {
  private static final long MEMORY_NANOS = Duration.ofMinutes(1).toNanos();

  private volatile boolean emptied;
  private volatile long lastBack = System.nanoTime() - MEMORY_NANOS;

  /** Notes that a session came back from the backup which the store should have had. */
  void cameBack() {
    lastBack = System.nanoTime();
  }

  /** Notes whether the store has lost everything and is not filled again yet. */
  void emptied(boolean now) {
    emptied = now;
  }

  boolean evident() {
    return emptied || System.nanoTime() - lastBack < MEMORY_NANOS;
  }
}
