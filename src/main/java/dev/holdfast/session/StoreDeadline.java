package dev.holdfast.session;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Until when the store keeps a session, as far as this node knows, and whether a request of this
 * node keeps it alive: what {@link HeldSessions} goes by. Read and written without the session's
 * lock.
 */
final class StoreDeadline {
  private final AtomicInteger accesses = new AtomicInteger();

  /** maxInactiveInterval as the store has it. */
  private volatile Duration storedInterval;

  /** When the deadline in the store was last known to be moved, in nanoseconds. */
  private volatile long moved;

  /** How long it lives from then at least. */
  private volatile Duration life;

  StoreDeadline(Duration maxInactiveInterval) {
    this.storedInterval = maxInactiveInterval;
    this.life = maxInactiveInterval;
  }

  /** Called when a request that keeps the session alive begins to hold it. */
  void hold() {
    accesses.incrementAndGet();
  }

  void endHold() {
    accesses.decrementAndGet();
  }

  /** Whether one of the requests that hold the session keeps it alive. */
  boolean isHeld() {
    return accesses.get() > 0;
  }

  /** maxInactiveInterval as the store has it. */
  Duration storedInterval() {
    return storedInterval;
  }

  void storedInterval(Duration interval) {
    storedInterval = interval;
  }

  /** When it was last known to be moved, as {@link System#nanoTime} gives it. */
  long moved() {
    return moved;
  }

  /** How long the session lives from then at least; zero or negative: for ever. */
  Duration life() {
    return life;
  }

  /** The store has been told at {@code nanos} to keep the session for {@code time}. */
  void moved(long nanos, Duration time) {
    life = time;
    moved = nanos;
  }

  /** Whether the store will remove the session if nobody asks for it. */
  boolean isSet() {
    Duration interval = life;
    return !interval.isZero() && !interval.isNegative();
  }
}
