package dev.holdfast.session;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Session.FailedReload;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session that a request's token opens: this node's copy, checked against the store and
 * brought up to date if another node wrote, or a new one of what the store has.
 *
 * <p>One wait; a second one only when this node holds a copy that another node has changed, or when
 * another request of this node is loading the session ({@link Loads}). A token that opens nothing
 * is refused here, and a security event says why.
 */
final class Joining {
  private final SessionStore store;
  private final ValueRules rules;
  private final SessionEvents events;
  private final Metrics metrics;
  private final SecurityEvents security;
  private final ResidentSessions residents;
  private final TouchSchedule touches;
  private final HeldSessions held;
  private final UserSessions users;
  private final Ending ending;
  private final Loads loads;

  Joining(Node node, Ending ending) {
    this.store = node.store();
    this.rules = node.rules();
    this.events = node.events();
    this.metrics = node.metrics();
    this.security = node.security();
    this.residents = node.residents();
    this.touches = node.touches();
    this.held = node.held();
    this.users = node.users();
    this.ending = ending;
    this.loads = new Loads(residents, node.settings().redis().requestTimeout());
  }

  /**
   * The session that {@code token} opens, checked against the store.
   *
   * @param access false for a request that keeps no session alive
   */
  Join join(SessionToken token, boolean access) {
    boolean touch = access && touches.claim(token.locator());
    return join(token, access, touch, touch ? token.secretHash() : null);
  }

  /**
   * Joins once more what this request has joined and released a moment ago, without a wait: what
   * the store said then holds for all of the request. Asks again when a touch is due, or when the
   * copy that was joined is not this node's any more.
   *
   * @param before what {@link #join(SessionToken, boolean)} answered
   */
  Join again(SessionToken token, Join before, boolean access) {
    Session joined = before.session();
    SessionState state = before.state();
    if (joined == null || state == null) {
      return before;
    }
    if (access && touches.claim(token.locator())) {
      return join(token, access, true, token.secretHash());
    }
    Session resident = residents.acquire(token.locator());
    if (resident == joined && resident.isValid() && !resident.isDropped()) {
      return joined(token, resident, state, access);
    }
    if (resident != null) {
      residents.release(resident);
    }
    return join(token, access, false, null);
  }

  /** Counts as an access what was joined as none; the caller holds it as one from then on. */
  void access(SessionToken token, Session session, SessionState state) {
    access(session, state);
    if (touches.claim(token.locator())) {
      var unused =
          store
              .touch(token.locator(), token.secretHash())
              .thenAccept(
                  interval -> interval.ifPresent(idle -> touches.touched(token.locator(), idle)));
    }
  }

  private void access(Session session, SessionState state) {
    session.access(state.lastAccessedTime(), state.now());
    session.deadline.hold();
    held.begin(session);
  }

  /**
   * @param touch whether the store is told of this access
   * @param touchSecretHash with which the store is still to be told of it; null when it is not
   */
  private Join join(
      SessionToken token, boolean access, boolean touch, byte @Nullable [] touchSecretHash) {
    Session resident = residents.acquire(token.locator());
    Loading loading = new Loading(token, touchSecretHash);
    if (resident == null) {
      resident = loads.share(token.publicId(), loading);
    }
    StoredSession found = loading.found;
    if (resident == null) {
      if (!loading.isDone) {
        resident = loading.get();
        found = loading.found;
      }
      if (resident == null) {
        Join refused = refuse(token, found == null ? null : found.state(), null);
        if (touch) {
          // The touch that goes with the next lookup spares it a wait, if there is nothing again.
          touches.forget(token.locator());
        }
        return refused == null ? Join.NOTHING : refused;
      }
    }
    if (found != null && (resident == loading.made || resident.copy.isCurrent(found.state()))) {
      touched(found.state(), resident, touch);
      metrics.count(Counter.COPY_MISSING);
      resident.copy.confirmed();
      return joined(token, resident, found.state(), access);
    }
    // Drops what was loaded here, if anything: only the store can tell which is newer.
    byte[] touching = found == null ? touchSecretHash : null;
    Join join = joinResident(token, resident, access, touch, touching);
    return join != null ? join : join(token, access, touch, null);
  }

  /** Reads a session and makes an object of it, for one request. */
  private final class Loading implements Supplier<@Nullable Session> {
    private final SessionToken token;
    private final byte @Nullable [] touchSecretHash;
    private boolean isDone;
    private @Nullable StoredSession found;
    private @Nullable Session made;

    Loading(SessionToken token, byte @Nullable [] touchSecretHash) {
      this.token = token;
      this.touchSecretHash = touchSecretHash;
    }

    /** The session, held; null when there is none that the token opens. */
    @Override
    public @Nullable Session get() {
      Session here = residents.acquire(token.locator());
      if (here != null) {
        // Another request's load ended just before this one began.
        return here;
      }
      isDone = true;
      StoredSession read = store.load(token.locator(), touchSecretHash);
      found = read;
      if (read != null && !Login.isReadable(read.principal())) {
        security.report(
            Kind.FOREIGN_SESSION,
            token.locator(),
            "m:u does not hold a login; the session counts as absent, its bytes stay");
        found = null;
        return null;
      }
      if (read == null || !opens(token, read.state()) || read.state().expired()) {
        return null;
      }
      Session fresh = Session.load(token, read, rules, events);
      made = fresh;
      return residents.adopt(fresh);
    }
  }

  /**
   * Joins the copy that this node holds; null when the copy must be given up and the session read
   * again.
   */
  private @Nullable Join joinResident(
      SessionToken token,
      Session resident,
      boolean access,
      boolean touch,
      byte @Nullable [] touchSecretHash) {
    boolean joined = false;
    Counter copy = Counter.COPY_CURRENT;
    try {
      Join tracked = touch ? null : joinTracked(token, resident, access);
      if (tracked != null) {
        joined = true;
        return tracked;
      }
      SessionState state = store.check(token.locator(), touchSecretHash);
      if (state != null && !resident.copy.vouchesFor(state)) {
        copy = Counter.COPY_STALE;
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
      if (!resident.copy.isCurrent(state)) {
        copy = Counter.COPY_STALE;
        if (refresh(resident, state) == null) {
          // A login elsewhere: requests that entered before it keep the old object, and with it the
          // old epoch.
          residents.drop(resident);
        }
      }
      if (resident.isDropped()) {
        return null;
      }
      joined = true;
      metrics.count(copy);
      touched(state, resident, touch);
      resident.copy.confirmed();
      return joined(token, resident, state, access);
    } finally {
      if (!joined) {
        residents.release(resident);
      }
    }
  }

  /**
   * Joins the copy that this node holds if the store would have told of a change of it; null when
   * the store must be asked. News may be under way, so this lets a request in and turns none away.
   */
  private @Nullable Join joinTracked(SessionToken token, Session resident, boolean access) {
    SessionState state = store.known(token.locator());
    if (state == null
        || !token.hasSecretHash(state.secretHash())
        || !resident.copy.vouchesFor(state)
        || !resident.copy.isCurrent(state)
        || resident.isDropped()
        || !resident.join(token, state.epoch())) {
      return null;
    }
    metrics.count(Counter.COPY_TRACKED);
    resident.copy.assumed();
    return entered(resident, state, access);
  }

  /**
   * Brings a copy up to date that is not what the store has. No save of this node is under way
   * meanwhile, so what is read cannot be older than what the copy holds. Requests that wait for
   * another one's reload find the copy current then, or fail with it.
   *
   * @return what the copy now is, null when it cannot be brought up to date
   */
  private @Nullable SessionState refresh(Session resident, SessionState seen) {
    long asked = System.nanoTime();
    resident.lockSaving("load");
    try {
      // What the store has may be a save of this node whose answer was still to come.
      if (resident.copy.isCurrent(seen) && resident.copy.vouchesFor(seen)) {
        return seen;
      }
      FailedReload failed = resident.failedReload;
      if (failed != null && failed.at() - asked > 0) {
        throw new SessionStoreUnavailableException(
            String.valueOf(failed.cause().getMessage()), failed.cause());
      }
      StoredSession found = store.load(resident.locator(), null);
      return found != null && resident.refresh(found) ? found.state() : null;
    } catch (SessionStoreUnavailableException e) {
      resident.failedReload = new FailedReload(System.nanoTime(), e);
      throw e;
    } finally {
      resident.saving.unlock();
    }
  }

  private void touched(SessionState state, Session session, boolean touched) {
    if (touched) {
      touches.touched(session.locator(), state.maxInactiveInterval());
    }
  }

  /** Joins a session that is held; refuses and ends the hold if a login came first. */
  private Join joined(SessionToken token, Session session, SessionState state, boolean access) {
    if (!session.join(token, state.epoch())) {
      residents.release(session);
      return replaced(token);
    }
    return entered(session, state, access);
  }

  private Join entered(Session session, SessionState state, boolean access) {
    if (access) {
      access(session, state);
    }
    users.seen(session);
    return new Join(session, false, state);
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
    PreviousSecret previous = state.previousSecret();
    if (previous != null && !previous.opens() && isRemembered(token, state)) {
      return replaced(token);
    }
    if (!opens(token, state)) {
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

  private static boolean opens(SessionToken token, SessionState state) {
    PreviousSecret previous = state.previousSecret();
    return token.hasSecretHash(state.secretHash())
        || (previous != null && previous.opens() && isRemembered(token, state));
  }

  /** Whether the token is the one that was replaced a moment ago, and not the present one. */
  private static boolean isRemembered(SessionToken token, SessionState state) {
    PreviousSecret previous = state.previousSecret();
    return previous != null
        && !token.hasSecretHash(state.secretHash())
        && state.now().isBefore(previous.until())
        && token.hasSecretHash(previous.hash());
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
