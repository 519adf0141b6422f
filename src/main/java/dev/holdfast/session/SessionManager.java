package dev.holdfast.session;

import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.api.TooManySessionsException;
import dev.holdfast.codec.ValueCodec;
import dev.holdfast.config.Settings;
import dev.holdfast.config.TouchMode;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.TakeoverClaims;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates, joins, saves and ends sessions. Each of these jobs has a class of its own; this one is
 * their front.
 *
 * <p>Waits: joining 1 (2 when another node wrote since this one last looked), creating 0 and 1 when
 * it is saved, saving 1 or 0 if nothing changed, invalidating 1. Every session handed out is held
 * for the caller, who must {@link #release} it once.
 */
public final class SessionManager implements AutoCloseable {
  private final SessionStore store;
  private final ValueCodec codec;
  private final Settings settings;
  private final Metrics metrics;
  private final SessionEvents events;
  private final SecurityEvents security;
  private final SecureRandom random = new SecureRandom();
  private final ResidentSessions residents;
  private final TouchSchedule touches;
  private final HeldSessions held;
  private final UserSessions users;
  private final Creating creating;
  private final Joining joining;
  private final Locking locking;
  private final Committing committing;
  private final Ending ending;
  private final Housekeeping housekeeping;

  public SessionManager(
      SessionStore store,
      ValueCodec codec,
      Settings settings,
      Metrics metrics,
      SessionEvents events,
      SecurityEvents security) {
    this.store = store;
    this.codec = codec;
    this.settings = settings;
    this.metrics = metrics;
    this.events = events;
    this.security = security;
    this.residents = new ResidentSessions(settings.cache().bytes(), metrics);
    this.touches = new TouchSchedule(settings.touch().interval());
    this.held = new HeldSessions(residents, store, settings.touch().interval());
    this.users = new UserSessions(store, settings, metrics, security, this::end);
    Node node =
        new Node(
            store,
            new ValueRules(codec, settings, metrics, events::isActivationListener, security),
            events,
            settings,
            metrics,
            security,
            residents,
            touches,
            held,
            users);
    this.ending = new Ending(node);
    this.creating = new Creating(node, random);
    this.joining = new Joining(node, ending);
    this.locking = new Locking(node, joining);
    this.committing = new Committing(node, ending, random);
    this.housekeeping = new Housekeeping(node, ending);
  }

  /** How a {@link #commit} ended when it did not throw. */
  public enum Commit {
    /** Nothing had to be saved. */
    UNCHANGED,
    /** All that was pending is stored. */
    SAVED,
    /** The session had ended elsewhere; what was pending is dropped. */
    GONE
  }

  /**
   * A new session, not stored before the first {@link #commit}. No wait while the store is
   * connected. Listeners know of it after {@link #announce}.
   *
   * @param maxInactiveInterval whole seconds; zero or negative: never expires
   * @throws TooManySessionsException when this node has created too many in too short a time
   * @throws SessionStoreUnavailableException when the store is not there to save the session
   */
  public Session create(Duration maxInactiveInterval) {
    return creating.create(maxInactiveInterval);
  }

  /**
   * A session for one request that is never stored, for a client whose token a login has just
   * replaced.
   */
  public Session createUnkept(Duration maxInactiveInterval) {
    return creating.createUnkept(maxInactiveInterval);
  }

  /**
   * Takes over sessions of another store.
   *
   * @param claims where the nodes agree on which of them does
   * @param finish is given each of them before it is stored
   */
  public Takeovers takeovers(TakeoverClaims claims, Consumer<Session> finish) {
    return new Takeovers(
        settings.prefix() + ":" + settings.app(),
        claims,
        this,
        (token, from) -> {
          Session session = creating.inherit(token, from);
          finish.accept(session);
          return session;
        },
        events,
        security,
        metrics,
        random);
  }

  /** Tells the listeners of a session that its request can now find. */
  public void announce(Session created) {
    events.created(created);
  }

  /** Ends a session that was made for one request, which has ended. */
  public void endUnkept(Session session) {
    ending.endUnkept(session);
  }

  /**
   * The session that {@code token} opens, checked against the store. One wait; a second one only
   * when this node holds a copy that another node has changed.
   *
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  public Join join(SessionToken token) {
    return join(token, true);
  }

  /**
   * As {@link #join(SessionToken)}.
   *
   * @param access false for a request that keeps no session alive
   */
  public Join join(SessionToken token, boolean access) {
    return joining.join(token, access);
  }

  /**
   * Joins once more what the same request has joined and released a moment ago, mostly without
   * asking the store.
   *
   * @param before what {@link #join(SessionToken, boolean)} answered for this token
   * @param access as for {@link #join(SessionToken, boolean)}
   * @throws SessionStoreUnavailableException when the store is asked and does not answer
   */
  public Join joinAgain(SessionToken token, Join before, boolean access) {
    return joining.again(token, before, access);
  }

  /**
   * As {@link #join(SessionToken, boolean)}, under the session's lock, which {@link Join#lock} is
   * then. No more waits if the lock is free.
   *
   * @throws LockTimeoutException when others have it for longer than {@code lock.wait}
   */
  public Join joinLocked(SessionToken token, boolean access) {
    return locking.join(token, access);
  }

  /** Gives a lock up, if no save has. No wait. */
  public void unlock(HeldLock lock) {
    held.end(lock);
    lock.end();
  }

  /**
   * Ends a session for good, on every node, for somebody who is not its client, then tells the
   * listeners on this node, with all that was stored. One wait.
   *
   * @param locator as {@link Session#locator()} gives it
   * @return whether there was one and this call has ended it
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  public boolean end(String locator) {
    return ending.end(locator);
  }

  /**
   * Ends sessions that nobody asks for any more and tells the listeners, from now on.
   *
   * @param application context class loader for it, or null
   */
  public void sweep(ExpiryIndex index, @Nullable ClassLoader application) {
    housekeeping.sweep(index, application);
  }

  /**
   * Ends the objects of a session here when another node ends it, and compares the settings of
   * nodes, from now on.
   *
   * @param agreement of the nodes on settings
   * @param application context class loader for it, or null
   */
  public void watch(
      EndedSessions others, SettingsAgreement agreement, @Nullable ClassLoader application) {
    housekeeping.watch(others, agreement, application, EndWatch.ROUND);
  }

  /** As {@link #watch(EndedSessions, SettingsAgreement, ClassLoader)}, but compares no settings. */
  public void watch(EndedSessions others, @Nullable ClassLoader application) {
    watch(others, application, EndWatch.ROUND);
  }

  void watch(EndedSessions others, @Nullable ClassLoader application, Duration round) {
    housekeeping.watch(others, null, application, round);
  }

  /**
   * Checks, before a WebSocket or a thread changes a session outside of its requests, that the
   * change can be saved.
   *
   * @throws SessionStoreUnavailableException when it could not
   */
  public void requireSavable(Session session) {
    committing.requireSavable(session);
  }

  /**
   * Called when a WebSocket or a thread has read or changed a session outside of its requests. What
   * has changed is saved within 100 ms; when the session ends on another node, this one hears of it
   * as long as somebody here holds the object.
   */
  public void usedOutside(Session session) {
    if (!session.isValid()) {
      return;
    }
    session.usedOutside();
    if (session.attributes.hasLocal()) {
      residents.retain(session);
      residents.release(session);
    }
    committing.soon(session);
  }

  /**
   * Saves all that is pending on the session, whichever request changed it. One wait, none when
   * nothing changed, one more for a login.
   *
   * @throws LoginRefusedException when its user has as many sessions as they may have
   * @throws SessionConflictException when the session's id was rotated at a login elsewhere since
   *     this request entered, or a change in place lost and {@code conflict=fail}
   * @throws SessionStoreUnavailableException when the store did not answer or the save came too
   *     late
   */
  public Commit commit(Session session) {
    return commit(session, true);
  }

  /**
   * As {@link #commit(Session)}.
   *
   * @param access false for a request that keeps no session alive
   */
  public Commit commit(Session session, boolean access) {
    return committing.commit(session, access);
  }

  /**
   * As {@link #commit(Session, boolean)}, for a request that has got a lock.
   *
   * @param last whether the request has ended, so that the lock may be given up with the save
   * @throws SessionConflictException also when the lock was lost
   */
  public Commit commit(Session session, boolean access, HeldLock lock, boolean last) {
    if (last) {
      lock.ending();
    }
    return committing.commit(session, access, true, lock, last);
  }

  /**
   * Takes a place for a login that the session is about to record, if the policy is to refuse one
   * too many. One wait then.
   *
   * @throws LoginRefusedException when there is none
   */
  public void requirePlace(Session session, String user) {
    committing.requirePlace(session, user);
  }

  /**
   * Which sessions there are.
   *
   * @param index names the sessions
   */
  public SessionDirectory directory(ExpiryIndex index) {
    return new SessionDirectory(store, codec, index, residents);
  }

  /** Which sessions a user has. */
  public UserSessions users() {
    return users;
  }

  /**
   * Ends a session for good, on every node, then tells the listeners: those of one node, if several
   * end it at once. One wait; none when it was never stored.
   *
   * @throws IllegalStateException when it has ended already, or is about to
   */
  public void invalidate(Session session) {
    ending.invalidate(session);
  }

  /**
   * Takes a session out of the store, on behalf of somebody with whom it goes on. No listener is
   * told and no value unbound. One wait.
   *
   * @return whether it was there; only one of several callers gets it
   */
  public boolean handOver(Session session) {
    return ending.handOver(session);
  }

  /**
   * Gives the session a new id. It takes effect with the next {@link #commit}; listeners are told
   * at once.
   */
  public void rotate(Session session) {
    String before = session.id();
    session.rotate(random);
    events.idChanged(session, before);
  }

  /**
   * Has the next {@link #commit} replace the session's id, if it has grown old; nothing happens
   * when another node is first. The old id is good for a grace, and only those who hold it may have
   * the new one.
   *
   * @param presented what the request came with
   */
  public void renewIfDue(Session session, SessionToken presented) {
    Duration interval = settings.lifetime().renewalInterval();
    if (!interval.isZero()) {
      session.renewIfDue(presented, store.now(), interval, settings.lifetime().renewalGrace());
    }
  }

  /**
   * Holds a session again that the caller had released.
   *
   * @param access as it was joined
   */
  public void retain(Session session, boolean access) {
    residents.retain(session);
    if (access) {
      session.deadline.hold();
    }
  }

  /** Ends the hold of a caller that has created the session, or joined it as an access. */
  public void release(Session session) {
    release(session, true);
  }

  /**
   * Ends the caller's hold.
   *
   * @param access as it was joined; true if the caller has created it
   */
  public void release(Session session, boolean access) {
    if (access) {
      session.deadline.endHold();
      held.end(session);
    }
    residents.release(session);
  }

  /** Called when the request that created the session has ended. */
  public void creatingRequestEnded(Session session) {
    session.creatingRequestEnded();
  }

  /**
   * Records that a request came that never used its session. No wait; at most once per session and
   * interval.
   *
   * <p>Servlet 6.1, 7.6: a request that is part of the session is an access, whether or not it
   * calls getSession.
   */
  public void touch(SessionToken token) {
    residents.prolong(token.locator());
    if (settings.touch().mode() == TouchMode.USE || !touches.claim(token.locator())) {
      return;
    }
    try {
      store
          .touch(token.locator(), token.secretHash())
          .whenComplete(
              (interval, failure) -> {
                if (failure == null && interval.isPresent()) {
                  touches.touched(token.locator(), interval.get());
                }
              });
    } catch (SessionStoreUnavailableException e) {
      // The request does not use its session, so a failing store must not stop it.
      metrics.count(Counter.STORE_UNAVAILABLE);
    }
  }

  /**
   * Puts back all sessions that the backup has and Redis has not. Blocks until it is done; the log
   * tells how far it is. Safe at any time: what Redis has stays, what has ended stays so.
   *
   * @return how many sessions are back
   * @throws UnsupportedOperationException when there is no backup
   */
  public long restoreAll() {
    return store.restoreAll();
  }

  /**
   * Forgets the sessions of this node. What was to be stored is stored, because every request was
   * saved before its response was sent; local values are unbound.
   */
  @Override
  public void close() {
    housekeeping.close();
    committing.close();
    held.close();
    residents.clear();
    store.close();
  }
}
