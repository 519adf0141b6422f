package dev.holdfast.cli;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells on standard error how far long work is, once a second, and the last state when it ends. If
 * the process is told to end, it says what that leaves.
 */
final class Progress implements AutoCloseable {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Output output;
  private final Thread atEnd;
  private long next = System.nanoTime() + SECOND;
  private volatile @Nullable String state;
  private @Nullable String told;

  /**
   * @param stopped what to say when the process is told to end
   */
  Progress(Output output, String stopped) {
    this.output = output;
    this.atEnd =
        new Thread(
            () -> {
              String last = state;
              output.note((last == null ? "" : last + "\n") + stopped);
            },
            "holdfast-stopped");
    Runtime.getRuntime().addShutdownHook(atEnd);
  }

  /** Notes how far the work is. */
  void at(String now) {
    state = now;
    if (System.nanoTime() - next >= 0) {
      next = System.nanoTime() + SECOND;
      tell();
    }
  }

  private void tell() {
    String last = state;
    if (last != null && !last.equals(told)) {
      told = last;
      output.note(last);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
      tell();
    } catch (IllegalStateException e) {
      // The process is ending; the hook says so.
    }
  }
}
