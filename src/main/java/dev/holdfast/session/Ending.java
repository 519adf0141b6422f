package dev.holdfast.session;

import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions: on behalf of their own request, of another session or an administrator, because
 * their time is over, or because another node has ended them.
 *
 * <p>The session is first taken out of the store; then the one caller to whom the store gave what
 * it deleted tells the listeners. A caller that finds it gone gives up the object and tells nobody.
 */
final class Ending {
  private final SessionStore store;
  private final ValueRules rules;
  private final SessionEvents events;
  private final Settings settings;
  private final Metrics metrics;
  private final ResidentSessions residents;
  private final TouchSchedule touches;
  private final UserSessions users;

  Ending(Node node) {
    this.store = node.store();
    this.rules = node.rules();
    this.events = node.events();
    this.settings = node.settings();
    this.metrics = node.metrics();
    this.residents = node.residents();
    this.touches = node.touches();
    this.users = node.users();
  }

  /**
   * Ends a session for good, for somebody who is not its client, then tells the listeners.
   *
   * @return whether there was one and this call has ended it
   */
  boolean end(String locator) {
    return end(locator, store::destroy);
  }

  /** Ends a session whose time is over, if nobody has. */
  void expire(String locator) {
    if (end(locator, store::expire)) {
      metrics.count(Counter.EXPIRED);
    }
  }

  /**
   * Ends a session whose time is over and for which a request came. Its key outlives it for a
   * grace; of several nodes that find it, one gets what was stored and tells the listeners.
   */
  void expire(SessionToken token, @Nullable Session resident) {
    if (ended(token.locator(), token, resident, store::expire)) {
      metrics.count(Counter.EXPIRED);
    }
  }

  private boolean end(String locator, Function<String, @Nullable StoredSession> ending) {
    Session resident = residents.acquire(locator);
    try {
      return ended(locator, null, resident, ending);
    } finally {
      if (resident != null) {
        residents.release(resident);
      }
    }
  }

  /**
   * @param token of the session; null when its client has not sent it
   * @param resident this node's copy, held; null when there is none
   * @param ending takes the session out of the store; gives what was stored, to one of several
   *     callers
   * @return whether it was this call that ended it
   */
  private boolean ended(
      String locator,
      @Nullable SessionToken token,
      @Nullable Session resident,
      Function<String, @Nullable StoredSession> ending) {
    StoredSession last = resident == null ? ending.apply(locator) : claim(resident, ending);
    touches.forget(locator);
    if (last == null) {
      if (resident != null) {
        giveUp(resident);
      }
      return false;
    }
    last = withReadableLogin(last);
    Session session = resident;
    if (session != null && !bringUpToDate(session, last)) {
      // A login elsewhere: this object is not what the listeners should see.
      session.lifeCycle.endUntold();
      session = null;
    }
    if (session == null) {
      SessionToken known =
          token != null ? token : SessionToken.withoutSecret(locator, last.state().secretHash());
      session = Session.load(known, last, rules, events);
    }
    users.forget(IndexedSession.userOf(last), locator);
    session.lifeCycle.beginEnd();
    endOthers(locator, session);
    session.lifeCycle.destroy();
    return true;
  }

  /** Ends a session even if its fields are damaged. */
  private static StoredSession withReadableLogin(StoredSession last) {
    return Login.isReadable(last.principal())
        ? last
        : new StoredSession(
            last.state(), last.creationTime(), last.secretTime(), null, last.attributes());
  }

  /** Takes the session out of the store; null when somebody else has. */
  private @Nullable StoredSession claim(
      Session session, Function<String, @Nullable StoredSession> ending) {
    boolean won = false;
    session.lifeCycle.beginClaim();
    try {
      StoredSession last = ending.apply(session.locator());
      won = last != null;
      return last;
    } finally {
      session.lifeCycle.endClaim(won);
    }
  }

  private boolean bringUpToDate(Session session, StoredSession last) {
    residents.drop(session);
    session.saving.lock();
    try {
      return session.refresh(last);
    } finally {
      session.saving.unlock();
    }
  }

  /** Ends a session for good on behalf of a request that holds it. */
  void invalidate(Session session) {
    boolean ours;
    session.saving.lock();
    try {
      if (!session.isValid()) {
        throw new IllegalStateException(
            "invalidate: session " + session.id() + " has been invalidated");
      }
      ours = !session.copy.isStored() || claim(session, store::destroy) != null;
      users.ended(session);
      if (ours) {
        session.lifeCycle.beginEnd();
        residents.drop(session);
        touches.forget(session.locator());
        metrics.count(Counter.INVALIDATED);
      } else {
        giveUp(session);
      }
    } finally {
      session.saving.unlock();
    }
    if (ours) {
      endOthers(session.locator(), session);
      session.lifeCycle.destroy();
    }
  }

  /**
   * Takes a session out of the store for somebody with whom it goes on. Nobody is told.
   *
   * @return whether it was there; only one of several callers gets it
   */
  boolean handOver(Session session) {
    boolean ours;
    session.saving.lock();
    try {
      ours = session.isValid() && claim(session, store::destroy) != null;
      users.ended(session);
      session.lifeCycle.endHandedOver();
      residents.drop(session);
      touches.forget(session.locator());
    } finally {
      session.saving.unlock();
    }
    if (ours) {
      metrics.count(Counter.HANDED_BACK);
    }
    return ours;
  }

  /** Ends a session that was made for one request, which has ended. */
  void endUnkept(Session session) {
    if (!session.isKept() && session.isValid()) {
      session.lifeCycle.beginEnd();
      session.lifeCycle.destroy();
    }
  }

  /** Ends this node's objects of a session that has ended elsewhere. */
  void giveUp(Session session) {
    boolean ended = endObjects(session.locator());
    // The session itself as well, which is not among those objects if this node takes it for not
    // stored.
    ended |= session.lifeCycle.endElsewhere();
    residents.drop(session);
    countElsewhere(ended);
  }

  private void giveUp(String locator) {
    countElsewhere(endObjects(locator));
  }

  private boolean endObjects(String locator) {
    boolean ended = false;
    for (Session object : residents.objects(locator)) {
      ended |= object.lifeCycle.endElsewhere();
      residents.drop(object);
    }
    touches.forget(locator);
    return ended;
  }

  /** Counts a session once, however many objects of it there were. */
  private void countElsewhere(boolean ended) {
    if (ended) {
      metrics.count(Counter.ENDED_ELSEWHERE);
    }
  }

  /**
   * Ends the other objects of a session that this node has ended, which a WebSocket or a thread may
   * hold; {@code telling} tells the listeners.
   */
  private void endOthers(String locator, Session telling) {
    for (Session object : residents.objects(locator)) {
      if (object != telling) {
        object.lifeCycle.endUntold();
        residents.drop(object);
      }
    }
  }

  /**
   * Asks the store for a session of which somebody here may hold an object, and ends the object if
   * the session has ended.
   */
  void lookAfter(String locator) {
    if (residents.objects(locator).isEmpty()) {
      return;
    }
    SessionState state = store.check(locator, null);
    // An expired session is left to the sweep, which tells the listeners before it gives the object
    // up.
    if (state == null || (state.expired() && !settings.expiry().isOn())) {
      giveUp(locator);
    }
  }
}
