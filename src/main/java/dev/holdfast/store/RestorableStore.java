package dev.holdfast.store;

import dev.holdfast.api.SessionStoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store whose sessions can be copied out and put back. Its methods serve a backup, off the path
 * of an ordinary request; each throws {@link SessionStoreUnavailableException} as those of {@link
 * SessionStore} do.
 */
public interface RestorableStore extends SessionStore {

  /** How putting a session back ended. */
  enum Restored {
    /** It is back. */
    BACK,
    /** There is one already; nothing was changed. */
    PRESENT,
    /** Its time is over, or it was destroyed a short while ago; nothing was changed. */
    ENDED,
    /** The call reached the store too late; nothing was changed. */
    LATE,
    /** The snapshot was not made by this store; nothing was changed. */
    UNREADABLE
  }

  /** Who puts sessions back into a store that has lost them all. */
  enum WarmUp {
    /** Nobody has to: the store has lost nothing, or what it had is back. */
    DONE,
    /** The caller, and nobody else until its lease ends. */
    YOURS,
    /** Another node is doing so. */
    OTHERS
  }

  /** Copies of those sessions that are alive. One wait for every 16 of them. */
  List<SessionSnapshot> snapshots(Collection<String> locators);

  /** Marks of those sessions that are alive. One wait for every 100 of them. */
  List<SessionMark> marks(Collection<String> locators);

  /**
   * Puts back the sessions that are absent, each until its deadline and no longer than a session
   * may live. One wait for every 256 KB.
   *
   * @param notAfter by the store's clock; executed later, the call changes nothing
   * @return an outcome for each, in the same order
   */
  List<Restored> restore(List<SessionSnapshot> snapshots, Instant notAfter);

  /**
   * As {@link #destroy(String)}. In addition, the session cannot be put back for at least {@code
   * refuse} or, if that is null, for as long as it could have lived.
   */
  @Nullable StoredSession destroy(String locator, @Nullable Duration refuse);

  /**
   * As {@link #lapse(String)}. In addition, the session cannot be put back for at least {@code
   * refuse}.
   */
  boolean lapse(String locator, Duration refuse);

  /**
   * Asks whether the store has lost everything, and if so claims the task of putting it back.
   *
   * @param node names the caller; a caller that asks again keeps its claim
   * @param lease how long the claim lasts
   */
  WarmUp claimWarmUp(String node, Duration lease);

  /** Notes that everything is back that could be put back, so no other node has to. */
  void finishWarmUp();
}
