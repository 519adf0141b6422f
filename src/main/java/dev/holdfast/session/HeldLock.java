package dev.holdfast.session;

import dev.holdfast.store.SessionLocks.Ticket;
import java.time.Duration;

/**
 * The lock of a session while a request holds it. It is the session object's too: whatever is saved
 * of the object until the lock is given up, by this request or another one of this node, is saved
 * under the lock or not at all.
 */
public final class HeldLock {
  private static final int RENEWALS_PER_LEASE = 3;

  private final String locator;
  private final Ticket ticket;
  private final Duration lease;
  private final Runnable whenLost;
  private final Runnable whenOver;

  /** When the present lease began at the earliest, as {@link System#nanoTime()} gives it. */
  private volatile long begun;

  private boolean lost;
  private volatile boolean ending;
  private volatile boolean refused;
  private volatile boolean givenUp;
  private volatile boolean over;

  /**
   * @param begun when the store was asked for it, as {@link System#nanoTime()} gives it
   * @param whenLost is run once if somebody else gets the lock too early
   * @param whenOver lets the next request of this node ask for the lock
   */
  HeldLock(
      String locator,
      Ticket ticket,
      Duration lease,
      long begun,
      Runnable whenLost,
      Runnable whenOver) {
    this.locator = locator;
    this.ticket = ticket;
    this.lease = lease;
    this.begun = begun;
    this.whenLost = whenLost;
    this.whenOver = whenOver;
  }

  /** Whether it is the lock of that session. */
  boolean isOf(Session session) {
    return locator.equals(session.locator());
  }

  Ticket ticket() {
    return ticket;
  }

  Duration lease() {
    return lease;
  }

  /** When the lease is to be renewed, as {@link System#nanoTime()} gives it. */
  long due() {
    return begun + lease.toNanos() / RENEWALS_PER_LEASE;
  }

  long begun() {
    return begun;
  }

  void begun(long at) {
    begun = at;
  }

  /** Notes that the next save gives the lock up. It is renewed until that is answered. */
  void ending() {
    ending = true;
  }

  boolean isEnding() {
    return ending;
  }

  /** Notes that somebody else has got the lock. */
  synchronized void lost() {
    if (!lost) {
      lost = true;
      whenLost.run();
    }
  }

  /** Notes that a save was refused for want of the lock: nothing of the object may be saved. */
  void refused() {
    refused = true;
    lost();
  }

  /** Notes that a save has given the lock up. */
  void givenUp() {
    givenUp = true;
  }

  /** Whether what is saved of the session must be saved under this lock. */
  boolean isBinding() {
    return refused || !(over || givenUp);
  }

  /** Gives the lock up, if no save has, and lets the next request of this node ask for it. */
  synchronized void end() {
    if (over) {
      return;
    }
    over = true;
    try {
      if (!givenUp) {
        ticket.leave();
      }
    } finally {
      whenOver.run();
    }
  }
}
