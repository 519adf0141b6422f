package dev.holdfast.redis.client;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import java.util.concurrent.TimeUnit;

/** One attempt to have a call executed. Lettuce gives it up when the call's time is over. */
public final class Attempt<T> extends AsyncCommand<byte[], byte[], T> {
  private final long deadline;
  private final long sent = System.nanoTime();

  /**
   * @param deadline of the call, as {@link System#nanoTime} gives it
   */
  Attempt(Command<byte[], byte[], T> command, long deadline) {
    super(command);
    this.deadline = deadline;
  }

  long timeoutMillis() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  /** When it was sent, as {@link System#nanoTime} gives it. */
  long sent() {
    return sent;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
