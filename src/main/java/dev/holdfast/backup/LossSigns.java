package dev.holdfast.backup;

import java.time.Duration;

/** Whether there are signs that the store has lost sessions. */
final class LossSigns {
  private static final long MEMORY_NANOS = Duration.ofMinutes(1).toNanos();

  private volatile boolean emptied;
  private volatile long lastBack = System.nanoTime() - MEMORY_NANOS;

  /** A session came back from the backup that the store should have had. */
  void cameBack() {
    lastBack = System.nanoTime();
  }

  /** Whether the store still lacks what a node puts back. */
  void emptied(boolean now) {
    emptied = now;
  }

  boolean evident() {
    return emptied || System.nanoTime() - lastBack < MEMORY_NANOS;
  }
}
