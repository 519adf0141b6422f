package dev.holdfast.session;

/**
 * Ends a live session on this node: tells everybody if this node took it out of the store, nobody
 * if another one did, and never twice.
 *
 * <p>Its fields are guarded by the session's lock, which its methods take. Listeners are told
 * without it.
 */
final class LifeCycle {
  private final Session session;
  private final SessionEvents events;
  private final BoundAttributes attributes;
  private final Object lock;

  private State state = State.LIVE;

  /** How many threads of this node are about to end it. */
  private int claims;

  /** Whether it was found gone while a thread of this node was about to end it. */
  private boolean goneWhileClaimed;

  /** The id of the thread of this node that has ended it; 0 when none has. */
  private long endingThread;

  private enum State {
    LIVE,
    /** Gone from the store; listeners may still read it. */
    ENDING,
    /** Can no longer be read. */
    ENDED
  }

  LifeCycle(Session session, SessionEvents events, BoundAttributes attributes, Object lock) {
    this.session = session;
    this.events = events;
    this.attributes = attributes;
    this.lock = lock;
  }

  /** Whether the session has neither ended nor is about to. */
  boolean isValid() {
    synchronized (lock) {
      return state == State.LIVE;
    }
  }

  /** Whether it can no longer be read. */
  boolean hasEnded() {
    synchronized (lock) {
      return state == State.ENDED;
    }
  }

  /** Whether it was this thread that has ended it, or is about to. */
  boolean isEndedByThisThread() {
    synchronized (lock) {
      return endingThread == Thread.currentThread().getId();
    }
  }

  /**
   * Called when a thread of this node is about to take the session out of the store. Until {@link
   * #endClaim}, a caller that finds it gone there does not take it for ended elsewhere: this node
   * may be the one that has to tell.
   */
  void beginClaim() {
    synchronized (lock) {
      claims++;
    }
  }

  /**
   * Called when the store has answered, or has failed.
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
      boolean unused = endElsewhere();
    }
  }

  /**
   * Called when the session is gone from the store: no request gets it any more, and nothing is
   * saved.
   */
  void beginEnd() {
    synchronized (lock) {
      if (state == State.LIVE) {
        state = State.ENDING;
      }
      endingThread = Thread.currentThread().getId();
    }
  }

  /**
   * Tells everybody that the session has ended, after {@link #beginEnd}. Listeners read it as it
   * was, then it becomes invalid, then its values are unbound: Tomcat's order. No listener can stop
   * it.
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
   * Ends a session that another node has ended and told of. The listeners here hear nothing of it,
   * except of the local values, which that node never had.
   *
   * @return whether this call has ended it
   */
  boolean endElsewhere() {
    synchronized (lock) {
      if (state != State.LIVE) {
        return false;
      }
      if (claims > 0) {
        goneWhileClaimed = true;
        return false;
      }
      state = State.ENDED;
    }
    attributes.takeLocal();
    return true;
  }

  /**
   * As {@link #endElsewhere}, for a session that this node ended through another object, which
   * tells the listeners. Does nothing if this object has ended.
   */
  void endUntold() {
    synchronized (lock) {
      if (state == State.ENDED) {
        return;
      }
      state = State.ENDED;
      endingThread = Thread.currentThread().getId();
    }
    attributes.takeLocal();
  }

  /** Ends a session that goes on elsewhere, with all its values: nobody is told. */
  void endHandedOver() {
    becomeInvalid();
  }

  private void becomeInvalid() {
    synchronized (lock) {
      state = State.ENDED;
    }
  }
}
