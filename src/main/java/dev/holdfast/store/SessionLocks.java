package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Locks of sessions, each in a line of its own: who asks first is served first, on whatever node. A
 * lock belongs to its session and ends with it. A holder that is silent for its lease loses the
 * lock as soon as somebody else asks; {@link SessionChanges#lock} keeps it from saving after that.
 */
public interface SessionLocks {

  /**
   * A place in line for a session's lock. It costs nothing before {@link Ticket#ask}.
   *
   * @param secretHash of the secret that opens the session; no other one gets a place
   */
  Ticket ticket(String locator, byte[] secretHash);

  /** The place of one request, by a random name of its own. */
  interface Ticket {
    /** What names the place in the store; for {@link SessionChanges.LockCheck}. */
    String token();

    /**
     * Asks for the lock, or shows that whoever waits is still alive. A place that is not shown for
     * a few seconds is lost. No wait, but on the first connection.
     *
     * @param lease how long the lock is held from now on if nobody renews it
     * @return completes exceptionally with a {@link SessionStoreUnavailableException} when the
     *     store does not answer in time; the question then has no effect later
     */
    CompletableFuture<Answer> ask(Duration lease);

    /**
     * Waits until the lock is handed to this place, but no longer than given. Best effort: whoever
     * is told must ask, and so must whoever is not, about once a second.
     *
     * @return whether it was told
     */
    boolean awaitLock(Duration limit) throws InterruptedException;

    /**
     * Renews the lease of the lock. No wait.
     *
     * @return completes with false when it is lost to somebody else; exceptionally as {@link #ask}
     */
    CompletableFuture<Boolean> renew(Duration lease);

    /** Gives up the lock, or the place in line. No wait. */
    void leave();
  }

  /**
   * What the store says of a place.
   *
   * @param standing of the place
   * @param stamp of the session's content at that moment; null without a session
   */
  record Answer(Standing standing, @Nullable Stamp stamp) {}

  /** Where a place is. */
  enum Standing {
    /** In front: the lock is held. */
    HELD,
    /** In line. */
    WAITING,
    /** There is no session that the secret opens, and so no place. */
    NO_SESSION,
    /** The question came after its deadline and had no effect. */
    LATE
  }
}
