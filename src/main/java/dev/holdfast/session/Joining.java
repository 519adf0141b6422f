package dev.holdfast.session;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session that a request's token opens: the copy of this node, checked against the store
 * and brought up to date if another node wrote, or what the store has.
 *
 * <p>One wait; a second one only when this node holds a copy that another node has changed. What
 * does not open is refused here, and the security event says why.
 */
final class Joining {
  private final SessionStore store;
  private final ValueRules rules;
  private final Metrics metrics;
  private final SecurityEvents security;
  private final ResidentSessions residents;
  private final TouchSchedule touches;
  private final Renewals renewals;
  private final UserSessions users;
  private final Ending ending;

  Joining(Node node, Ending ending) {
    this.store = node.store();
    this.rules = node.rules();
    this.metrics = node.metrics();
    this.security = node.security();
    this.residents = node.residents();
    this.touches = node.touches();
    this.renewals = node.renewals();
    this.users = node.users();
    this.ending = ending;
  }

  /**
   * The session that {@code token} opens, checked against the store.
   *
   * @param access false for a request that keeps no session alive
   */
  Join join(SessionToken token, boolean access) {
    String locator = token.locator();
    boolean touch = access && touches.claim(locator);
    byte[] touchSecretHash = touch ? token.secretHash() : null;
    Session resident = residents.acquire(locator);
    if (resident != null) {
      Join join = joinResident(token, resident, access, touchSecretHash);
      if (join != null) {
        return join;
      }
      touchSecretHash = null;
    }
    StoredSession found = store.load(locator, touchSecretHash);
    Join refused = refuse(token, found == null ? null : found.state(), null);
    if (refused != null || found == null) {
      return refused == null ? Join.NOTHING : refused;
    }
    Session fresh = Session.load(token, found, new Attributes(rules));
    Session session = residents.adopt(fresh);
    if (session == fresh || session.copy.isCurrent(found.state())) {
      touched(found.state(), session, touch);
      return joined(token, session, found.state(), access);
    }
    // Another request of this node made the object from another reply: which is newer only the
    // store can tell.
    residents.release(session);
    return join(token, access);
  }

  /**
   * Joins the copy this node holds; null when the copy must be given up and the session read anew.
   */
  private @Nullable Join joinResident(
      SessionToken token, Session resident, boolean access, byte @Nullable [] touchSecretHash) {
    boolean joined = false;
    try {
      SessionState state = store.check(token.locator(), touchSecretHash);
      if (state != null && !resident.copy.vouchesFor(state)) {
        state = refresh(resident, state);
        if (state == null) {
          residents.drop(resident);
          return null;
        }
      }
      Join refused = refuse(token, state, resident);
      if (refused != null || state == null) {
        if (state == null) {
          ending.giveUp(resident);
        }
        return refused;
      }
      if (!resident.copy.isCurrent(state) && refresh(resident, state) == null) {
        // A login elsewhere: who entered before it keeps the old object, and with it the old epoch.
        residents.drop(resident);
      }
      if (resident.isDropped()) {
        return null;
      }
      joined = true;
      touched(state, resident, touchSecretHash != null);
      return joined(token, resident, state, access);
    } finally {
      if (!joined) {
        residents.release(resident);
      }
    }
  }

  /**
   * Brings a copy up to date that is not what the store has. No save of this node is under way
   * meanwhile, so what is read cannot be older than what the copy holds.
   *
   * @return what the copy now is, null when it cannot be brought up to date
   */
  private @Nullable SessionState refresh(Session resident, SessionState seen) {
    resident.saving.lock();
    try {
      // What the store has may be a save of this node whose answer was still to come.
      if (resident.copy.isCurrent(seen) && resident.copy.vouchesFor(seen)) {
        return seen;
      }
      StoredSession found = store.load(resident.locator(), null);
      return found != null && resident.copy.refresh(found) ? found.state() : null;
    } finally {
      resident.saving.unlock();
    }
  }

  private void touched(SessionState state, Session session, boolean touched) {
    if (touched) {
      touches.touched(session.locator(), state.maxInactiveInterval());
    }
  }

  /** Joins a session that is held; ends the hold when a login has come before. */
  private Join joined(SessionToken token, Session session, SessionState state, boolean access) {
    if (!session.join(token, state.epoch())) {
      residents.release(session);
      return replaced(token);
    }
    session.copy.confirmed();
    if (access) {
      session.access(state.lastAccessedTime(), state.now());
      session.deadline.hold();
      renewals.begin(session);
    }
    users.seen(session);
    return new Join(session, false);
  }

  /**
   * Why {@code token} does not open what the store holds; null when it does.
   *
   * @param resident this node's copy, if it has one
   */
  private @Nullable Join refuse(
      SessionToken token, @Nullable SessionState state, @Nullable Session resident) {
    if (state == null) {
      security.report(Kind.UNKNOWN_ID, token.locator(), "there is no such session; not adopted");
      return refused(Counter.UNKNOWN_TOKEN, Join.NOTHING);
    }
    boolean opens = token.hasSecretHash(state.secretHash());
    PreviousSecret previous = state.previousSecret();
    if (!opens
        && previous != null
        && state.now().isBefore(previous.until())
        && token.hasSecretHash(previous.hash())) {
      if (!previous.opens()) {
        return replaced(token);
      }
      opens = true;
    }
    if (!opens) {
      security.report(
          Kind.WRONG_SECRET, token.locator(), "the session exists, the secret is not its own");
      return refused(Counter.UNKNOWN_TOKEN, Join.NOTHING);
    }
    if (state.expired()) {
      ending.expire(token, resident);
      return refused(Counter.UNKNOWN_TOKEN, Join.NOTHING);
    }
    return null;
  }

  private Join replaced(SessionToken token) {
    security.report(Kind.REPLACED_ID, token.locator(), "a login replaced this id; refused");
    return refused(Counter.ROTATED_AWAY, Join.ROTATED_AWAY);
  }

  private Join refused(Counter counter, Join join) {
    metrics.count(counter);
    return join;
  }
}
