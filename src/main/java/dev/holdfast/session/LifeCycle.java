package dev.holdfast.session;

/**
 * How a live session ends on this node: told to everybody when this node took it out of the store,
 * in silence when another one did, never twice.
 *
 * <p>Its fields are guarded by the session's lock, which its methods take. Listeners are told
 * without it.
 */
final class LifeCycle {
  private final Session session;
  private final SessionEvents events;
  private final BoundAttributes attributes;
  private final Object lock;

  /** Gone from the store; listeners may still read it. */
  private boolean ending;

  /** How many threads of this node are about to end it. */
  private int claims;

  /** Found gone while a thread of this node was about to end it. */
  private boolean goneWhileClaimed;

  private boolean ended;

  /** The id of the thread of this node that has ended it; 0 when none has. */
  private long endingThread;

  LifeCycle(Session session, SessionEvents events, BoundAttributes attributes, Object lock) {
    this.session = session;
    this.events = events;
    this.attributes = attributes;
    this.lock = lock;
  }

  /** Whether the session has neither ended nor is about to. */
  boolean isValid() {
    synchronized (lock) {
      return !ending && !ended;
    }
  }

  /** Whether it can no longer be read. */
  boolean hasEnded() {
    synchronized (lock) {
      return ended;
    }
  }

  /** Whether it was this thread that has ended it, or is about to. */
  boolean isEndedByThisThread() {
    synchronized (lock) {
      return endingThread == Thread.currentThread().getId();
    }
  }

  /**
   * A thread of this node is about to take the session out of the store. Until {@link #endClaim},
   * who finds it gone there does not take it for ended elsewhere: it may be this node that has to
   * tell.
   */
  void beginClaim() {
    synchronized (lock) {
      claims++;
    }
  }

  /**
   * The store has answered, or has not.
   *
   * @param won whether this node has taken it out and has to tell
   */
  void endClaim(boolean won) {
    boolean gone;
    synchronized (lock) {
      claims--;
      if (won) {
        beginEnd();
      }
      gone = claims == 0 && goneWhileClaimed;
    }
    if (gone) {
      endElsewhere();
    }
  }

  /** The session is gone from the store: no request gets it any more, and nothing is saved. */
  void beginEnd() {
    synchronized (lock) {
      ending = true;
      endingThread = Thread.currentThread().getId();
    }
  }

  /**
   * Tells everybody that the session has ended, after {@link #beginEnd}. Listeners read it as it
   * was, then it is invalid, then its values are unbound: Tomcat's order. No listener can stop it.
   */
  void destroy() {
    if (hasEnded()) {
      return;
    }
    try {
      events.destroyed(session);
    } finally {
      becomeInvalid();
    }
    attributes.takeAll();
  }

  /**
   * The session was ended by another node, which told its listeners: they hear nothing more of it
   * here, except of what that node never had.
   */
  void endElsewhere() {
    synchronized (lock) {
      if (ending || ended) {
        return;
      }
      if (claims > 0) {
        goneWhileClaimed = true;
        return;
      }
      ended = true;
    }
    attributes.takeLocal();
  }

  /**
   * As {@link #endElsewhere}, though it was this node that ended it: another object tells. Nothing
   * happens when this object has ended.
   */
  void endUntold() {
    synchronized (lock) {
      if (ended) {
        return;
      }
      ended = true;
      endingThread = Thread.currentThread().getId();
    }
    attributes.takeLocal();
  }

  private void becomeInvalid() {
    synchronized (lock) {
      ended = true;
    }
  }

  /** The last user of a dropped object leaves it. */
  void leave() {
    attributes.takeLocal();
  }
}
