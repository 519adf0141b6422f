package dev.holdfast.session;

import dev.holdfast.codec.ValueCodec;
import dev.holdfast.config.Conflict;
import dev.holdfast.config.Settings;
import dev.holdfast.config.TouchMode;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvent.Kind;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionStoreUnavailableException;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates, joins, saves and ends sessions: the one place where codec and store meet.
 *
 * <p>Waits: joining 1 (2 when another node wrote since this one last looked), creating 0 and 1 when
 * it is saved, saving 1 or 0 if nothing changed, invalidating 1. Every session handed out is held
 * for the caller, who must {@link #release} it once.
 */
public final class SessionManager implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SessionManager.class.getName());

  /** How often a save is tried that another node's change of the metadata comes before. */
  private static final int MAX_ATTEMPTS = 5;

  private final SessionStore store;
  private final ValueRules rules;
  private final RacedSaves raced = new RacedSaves(this::saveRaced);
  private final Settings settings;
  private final Metrics metrics;
  private final SecurityEvents security;
  private final SecureRandom random = new SecureRandom();
  private final CreationRate creations;
  private final ResidentSessions residents;
  private final TouchSchedule touches;
  private final Renewals renewals;
  private final UserSessions users;
  private @Nullable ExpirySweeper sweeper;
  private @Nullable EndWatch watch;

  public SessionManager(
      SessionStore store,
      ValueCodec codec,
      Settings settings,
      Metrics metrics,
      SessionEvents events,
      SecurityEvents security) {
    this.store = store;
    this.rules = new ValueRules(codec, settings, metrics, events, security);
    this.settings = settings;
    this.metrics = metrics;
    this.security = security;
    this.creations = new CreationRate(settings.limits().createRate(), System::nanoTime);
    this.residents = new ResidentSessions(settings.cacheBytes());
    this.touches = new TouchSchedule(settings.touchInterval());
    this.users = new UserSessions(store, settings, metrics, security, this::end);
    this.renewals = new Renewals(residents, store, settings.touchInterval());
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
   * @throws SessionStoreUnavailableException when it could not be stored anyway
   */
  public Session create(Duration maxInactiveInterval) {
    if (!creations.admit()) {
      int rate = settings.limits().createRate();
      metrics.count(Counter.CREATION_REFUSED);
      security.report(
          Kind.CREATION_REFUSED,
          null,
          "more than " + rate + " new sessions a second; answered 503");
      throw new TooManySessionsException(
          "No session was created: this node creates more than "
              + rate
              + " a second (sessions.create-rate)");
    }
    store.ensureAvailable();
    return newSession(maxInactiveInterval, true);
  }

  /**
   * A session for one request that is never stored, for a client whose token a login has just
   * replaced.
   */
  public Session createUnkept(Duration maxInactiveInterval) {
    return newSession(maxInactiveInterval, false);
  }

  /** Tells the listeners of a session that its request can now find. */
  public void announce(Session created) {
    rules.events.created(created);
  }

  /** Ends a session that was made for one request, which has ended. */
  public void endUnkept(Session session) {
    if (!session.isKept() && session.isValid()) {
      session.beginEnd();
      session.destroy();
    }
  }

  private Session newSession(Duration maxInactiveInterval, boolean kept) {
    // Whole milliseconds, as the store keeps them.
    Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
    Duration absolute = settings.lifetime().absoluteTimeout();
    Session session =
        Session.create(
            SessionToken.create(random),
            Stamp.first(random),
            now,
            maxInactiveInterval,
            absolute.isZero() ? null : now.plus(absolute),
            kept,
            newAttributes());
    session.holdAsAccess();
    return session;
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
   * The same.
   *
   * @param access false for a request that keeps no session alive
   */
  public Join join(SessionToken token, boolean access) {
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
    Session fresh = Session.load(token, found, newAttributes());
    Session session = residents.adopt(fresh);
    if (session == fresh || session.isCurrent(found.state())) {
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
      if (state != null && !resident.vouchesFor(state)) {
        state = refresh(resident, state);
        if (state == null) {
          residents.drop(resident);
          return null;
        }
      }
      Join refused = refuse(token, state, resident);
      if (refused != null || state == null) {
        if (state == null) {
          giveUp(resident);
        }
        return refused;
      }
      if (!resident.isCurrent(state) && refresh(resident, state) == null) {
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
      if (resident.isCurrent(seen) && resident.vouchesFor(seen)) {
        return seen;
      }
      StoredSession found = store.load(resident.locator(), null);
      return found != null && resident.refresh(found) ? found.state() : null;
    } finally {
      resident.saving.unlock();
    }
  }

  private void touched(SessionState state, Session session, boolean touched) {
    if (touched) {
      touches.touched(session.locator(), state.maxInactiveInterval());
    }
  }

  private Join joined(SessionToken token, Session session, SessionState state, boolean access) {
    session.join(token);
    if (access) {
      session.access(state.lastAccessedTime(), state.now());
      session.holdAsAccess();
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
        security.report(Kind.REPLACED_ID, token.locator(), "a login replaced this id; refused");
        return refused(Counter.ROTATED_AWAY, Join.ROTATED_AWAY);
      }
      opens = true;
    }
    if (!opens) {
      security.report(
          Kind.WRONG_SECRET, token.locator(), "the session exists, the secret is not its own");
      return refused(Counter.UNKNOWN_TOKEN, Join.NOTHING);
    }
    if (state.expired()) {
      expire(token, resident);
      return refused(Counter.UNKNOWN_TOKEN, Join.NOTHING);
    }
    return null;
  }

  /**
   * The key outlives its session for a grace; whoever finds it ends it, and one of several gets
   * what was stored: that one tells the listeners.
   */
  private void expire(SessionToken token, @Nullable Session resident) {
    if (ended(token.locator(), token, resident, store::expire)) {
      metrics.count(Counter.EXPIRED);
    }
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
    return end(locator, store::destroy);
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
   * @param ending takes the session out of the store; gives what that had, to one of several
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
    Session session = resident;
    if (session != null && !bringUpToDate(session, last)) {
      // A login elsewhere: this object is not what the listeners should see.
      session.endUntold();
      session = null;
    }
    if (session == null) {
      SessionToken known =
          token != null ? token : SessionToken.withoutSecret(locator, last.state().secretHash());
      session = Session.load(known, last, newAttributes());
    }
    users.forget(UserSessions.userOf(last), locator);
    session.beginEnd();
    session.destroy();
    return true;
  }

  /** Takes it out of the store; null when somebody else has. */
  private @Nullable StoredSession claim(
      Session session, Function<String, @Nullable StoredSession> ending) {
    boolean won = false;
    session.beginClaim();
    try {
      StoredSession last = ending.apply(session.locator());
      won = last != null;
      return last;
    } finally {
      session.endClaim(won);
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

  /**
   * Ends sessions that nobody asks for any more and tells the listeners, from now on.
   *
   * @param application context class loader for it, or null
   */
  public synchronized void sweep(ExpiryIndex index, @Nullable ClassLoader application) {
    if (sweeper != null) {
      throw new IllegalStateException("sweeping already");
    }
    ExpirySweeper started =
        new ExpirySweeper(
            index,
            this::expire,
            rules.events::endsObserved,
            settings.expiry().interval(),
            application);
    sweeper = started;
    started.start();
  }

  private void expire(String locator) {
    if (end(locator, store::expire)) {
      metrics.count(Counter.EXPIRED);
    }
  }

  /**
   * Unbinds what only this node has of a session when another node ends it, from now on.
   *
   * @param application context class loader for it, or null
   */
  public void watch(EndedSessions others, @Nullable ClassLoader application) {
    watch(others, application, EndWatch.ROUND);
  }

  synchronized void watch(EndedSessions others, @Nullable ClassLoader application, Duration round) {
    if (watch != null) {
      throw new IllegalStateException("watching already");
    }
    EndWatch started = new EndWatch(others, this::lookAfter, residents::local, application, round);
    watch = started;
    started.start(residents::isHereOrForget);
  }

  /** Asks the store for a session of which this node has something. */
  private void lookAfter(String locator) {
    Session resident = residents.acquire(locator);
    if (resident == null) {
      return;
    }
    try {
      SessionState state = store.check(locator, null);
      // Who is about to end an expired session tells of it first.
      if (state == null || (state.expired() && !settings.expiry().isOn())) {
        resident.goneElsewhere();
        residents.drop(resident);
        touches.forget(locator);
      }
    } finally {
      residents.release(resident);
    }
  }

  /** Something was done to a session that perhaps no request holds. */
  public void settle(Session session) {
    if (session.hasLocal()) {
      residents.retain(session);
      residents.release(session);
    }
  }

  private Join refused(Counter counter, Join join) {
    metrics.count(counter);
    return join;
  }

  /**
   * Saves all that is pending on the session, by whichever request. One wait, none when nothing
   * changed, one more for a login.
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
   * The same.
   *
   * @param access false for a request that keeps no session alive
   */
  public Commit commit(Session session, boolean access) {
    if (!session.isKept()) {
      return Commit.UNCHANGED;
    }
    // Ends other sessions, if it must, before this one is locked.
    fileUser(session);
    String renewedId = null;
    session.saving.lock();
    try {
      if (!session.isValid()) {
        return Commit.UNCHANGED;
      }
      fileUser(session);
      Save save = session.prepareSave(random, access);
      Commit commit = save.isEmpty() ? Commit.UNCHANGED : send(session, save, access, 1);
      renewedId = session.takeRenewedId();
      if (save.pending().raced && commit != Commit.GONE) {
        raced.later(session);
      }
      return commit;
    } catch (RuntimeException e) {
      residents.drop(session);
      throw e;
    } finally {
      session.saving.unlock();
      // Listeners hear of a renewal when it is certain: another node's may have been first.
      if (renewedId != null) {
        metrics.count(Counter.RENEWED);
        rules.events.idChanged(session, renewedId);
      }
    }
  }

  private void fileUser(Session session) {
    String user = session.userToCome();
    if (user == null || !session.isValid()) {
      return;
    }
    try {
      users.file(session, user);
    } catch (RuntimeException e) {
      residents.drop(session);
      throw e;
    }
  }

  /**
   * Takes a place for a login that is about to be told to the session, if the policy is to refuse
   * one too many. One wait then.
   *
   * @throws LoginRefusedException when there is none
   */
  public void requirePlace(Session session, String user) {
    if (users.refuses() && !user.equals(session.storedUser())) {
      users.file(session, user);
    }
  }

  /** Which sessions a user has. */
  public UserSessions users() {
    return users;
  }

  /** Whether it has to be saved again. */
  private boolean saveRaced(Session session) {
    if (session.isDropped() || !session.isValid() || !session.hasRaced()) {
      return false;
    }
    residents.retain(session);
    try {
      return commit(session, false) != Commit.GONE && session.hasRaced();
    } catch (RuntimeException e) {
      metrics.count(Counter.LOST_AFTER_COMMIT);
      LOG.log(
          Level.WARNING,
          "Session {0}: what another thread changed while it was saved is lost. {1}",
          session.id(),
          e.getMessage());
      return false;
    } finally {
      residents.release(session);
    }
  }

  private Commit send(Session session, Save save, boolean access, int attempt) {
    SaveOutcome outcome =
        save.create()
            ? store.create(save.creation(settings.limits().firstLife()))
            : store.save(save.changes());
    switch (outcome.result()) {
      case SAVED -> {
        String userBefore = session.storedUser();
        session.saved(save, outcome);
        users.stored(session, userBefore);
        if (save.create()) {
          residents.adopt(session);
        }
        if (save.create() || save.accessedTime() != null) {
          if (save.hasFirstLife(settings.limits().firstLife())) {
            renewals.begin(session, settings.limits().firstLife());
          } else {
            touches.touched(session.locator(), session.maxInactiveInterval());
            renewals.begin(session);
          }
        }
        metrics.count(save.create() ? Counter.CREATED : Counter.SAVED);
        reportLost(session, outcome);
        return Commit.SAVED;
      }
      case GONE -> {
        giveUp(session);
        metrics.count(Counter.SAVE_GONE);
        return Commit.GONE;
      }
      case MOVED -> {
        return sendAgain(session, access, attempt);
      }
      case FENCED -> {
        metrics.count(Counter.SAVE_FENCED);
        security.report(
            Kind.WRITE_FENCED,
            session.locator(),
            "a request that entered before a login on another node may not write; answered 409");
        throw new SessionConflictException(
            "Session "
                + session.id()
                + " was not saved: its id was rotated at a login on another node after this request had entered."
                + " Nothing was stored; send the request again with the new cookie.");
      }
      case LATE -> {
        metrics.count(Counter.SAVE_LATE);
        throw new SessionStoreUnavailableException(
            "Session "
                + session.id()
                + " was not saved: the save reached Redis after its deadline and refused itself."
                + " Redis or the network to it is slow; see redis.timeout.",
            null);
      }
    }
    throw new IllegalStateException("Unknown outcome " + outcome.result());
  }

  /** Another node has changed the metadata that this save wanted to change as well. */
  private Commit sendAgain(Session session, boolean access, int attempt) {
    StoredSession found = store.load(session.locator(), null);
    if (found == null || found.state().expired()) {
      giveUp(session);
      metrics.count(Counter.SAVE_GONE);
      return Commit.GONE;
    }
    if (attempt == MAX_ATTEMPTS || !session.refresh(found)) {
      metrics.count(Counter.SAVE_FENCED);
      throw new SessionConflictException(
          "Session "
              + session.id()
              + " was not saved: other nodes change its time-out, its login or its id at the same time."
              + " Nothing was stored; send the request again.");
    }
    return send(session, session.prepareSave(random, access), access, attempt + 1);
  }

  private void reportLost(Session session, SaveOutcome outcome) {
    if (outcome.lost().isEmpty()) {
      return;
    }
    metrics.count(Counter.CHANGE_LOST);
    String message =
        "Session "
            + session.id()
            + ": changes in place to "
            + outcome.lost()
            + " were dropped because another node has written these attributes since they were read here";
    if (settings.conflict() == Conflict.FAIL) {
      throw new SessionConflictException(message + " (conflict=fail)");
    }
    LOG.log(
        Level.WARNING,
        "{0}. Call setAttribute after changing an attribute, or set conflict=fail.",
        message);
  }

  /**
   * Ends a session for good, on every node, then tells the listeners: those of one node, if several
   * end it at once. One wait; none when it was never stored.
   *
   * @throws IllegalStateException when it has ended already, or is about to
   */
  public void invalidate(Session session) {
    boolean ours;
    session.saving.lock();
    try {
      if (!session.isValid()) {
        throw new IllegalStateException(
            "invalidate: session " + session.id() + " has been invalidated");
      }
      ours = !session.isStored() || claim(session, store::destroy) != null;
      users.ended(session);
      if (ours) {
        session.beginEnd();
        residents.drop(session);
        touches.forget(session.locator());
      } else {
        giveUp(session);
      }
      metrics.count(Counter.INVALIDATED);
    } finally {
      session.saving.unlock();
    }
    if (ours) {
      session.destroy();
    }
  }

  /** The session has ended elsewhere: no request may use this object. */
  private void giveUp(Session session) {
    session.endElsewhere();
    residents.drop(session);
    touches.forget(session.locator());
  }

  /**
   * Gives the session a new id; takes effect with the next {@link #commit}, and listeners know it
   * at once.
   */
  public void rotate(Session session) {
    String before = session.id();
    session.rotate(random);
    rules.events.idChanged(session, before);
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
      session.holdAsAccess();
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
      session.endHoldAsAccess();
      renewals.end(session);
    }
    residents.release(session);
  }

  /** The request that created the session has ended. */
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
    if (settings.touch() == TouchMode.USE || !touches.claim(token.locator())) {
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
      // A request that leaves its session alone is none of the store's business: it goes on.
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

  private Attributes newAttributes() {
    return new Attributes(rules);
  }

  /**
   * Forgets the sessions of this node; nothing is lost, as every response was saved before it was
   * sent.
   */
  @Override
  public void close() {
    closeThreads();
    raced.close();
    renewals.close();
    residents.clear();
    store.close();
  }

  private void closeThreads() {
    ExpirySweeper sweeping;
    EndWatch watching;
    synchronized (this) {
      sweeping = sweeper;
      watching = watch;
    }
    if (sweeping != null) {
      sweeping.close();
    }
    if (watching != null) {
      watching.close();
    }
  }
}
