package dev.holdfast.session;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Conflict;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SessionChanges.LockCheck;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.TimeBudget;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Saves what is pending on a session, and deals with the store's answer: taken, gone, moved by
 * another node, fenced by a login elsewhere, or too late.
 *
 * <p>A session object whose save was not taken leaves the registry, so that no later request sees
 * what the store never took.
 */
final class Committing implements AutoCloseable {
  private static final Logger LOG = Loggers.of(Committing.class);

  /** How often a save is tried while another node keeps changing the metadata first. */
  private static final int MAX_ATTEMPTS = 5;

  private final SessionStore store;
  private final SessionEvents events;
  private final Settings settings;
  private final Metrics metrics;
  private final SecurityEvents security;
  private final ResidentSessions residents;
  private final TouchSchedule touches;
  private final HeldSessions held;
  private final UserSessions users;
  private final Ending ending;
  private final SecureRandom random;
  private final LateSaves late = new LateSaves(this::saveLate);

  Committing(Node node, Ending ending, SecureRandom random) {
    this.store = node.store();
    this.events = node.events();
    this.settings = node.settings();
    this.metrics = node.metrics();
    this.security = node.security();
    this.residents = node.residents();
    this.touches = node.touches();
    this.held = node.held();
    this.users = node.users();
    this.ending = ending;
    this.random = random;
  }

  /**
   * Saves all that is pending on the session.
   *
   * @param access false for a request that keeps no session alive
   */
  Commit commit(Session session, boolean access) {
    return commit(session, access, true, null, false);
  }

  /**
   * As {@link #commit(Session, boolean)}.
   *
   * @param soon whether what cannot be encoded now is to be saved in a moment
   * @param lock that the caller has, or null
   * @param last whether that lock may be given up
   */
  Commit commit(
      Session session, boolean access, boolean soon, @Nullable HeldLock lock, boolean last) {
    if (!session.isKept()) {
      return Commit.UNCHANGED;
    }
    // Ends other sessions, if it must, before this one is locked.
    fileUser(session);
    String renewedId = null;
    lockSaving(session);
    try {
      if (!session.isValid()) {
        return Commit.UNCHANGED;
      }
      fileUser(session);
      Save save = prepareSave(session, access);
      if (lock != null && lock.isOf(session) && session.bindingLock() != lock) {
        throw lockLost(session, lock);
      }
      Commit commit = send(session, save, access, last ? lock : null, 1);
      renewedId = session.takeRenewedId();
      if (soon && save.pending().raced && commit != Commit.GONE) {
        late.soon(session);
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
        events.idChanged(session, renewedId);
      }
    }
  }

  /** Asks the store first where something would be left out because it is taken for stored. */
  private Save prepareSave(Session session, boolean access) {
    Save save = session.copy.prepareSave(random, access, store.now());
    if (save.pending().unchanged().isEmpty() || !session.copy.isAssumed()) {
      return save;
    }
    SessionState state = store.check(session.locator(), null);
    if (state != null && session.copy.isCurrent(state)) {
      session.copy.confirmed();
      return save;
    }
    session.copy.doubt();
    return session.copy.prepareSave(random, access, store.now());
  }

  private void lockSaving(Session session) {
    try {
      session.lockSaving("save");
    } catch (SessionStoreUnavailableException e) {
      residents.drop(session);
      throw e;
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

  /** Takes a place for a login that is to come, if the policy is to refuse one too many. */
  void requirePlace(Session session, String user) {
    if (users.refuses() && !user.equals(session.storedUser())) {
      users.file(session, user);
    }
  }

  /**
   * @param givenUp the lock that the save may give up, or null
   */
  private Commit send(
      Session session, Save save, boolean access, @Nullable HeldLock givenUp, int attempt) {
    if (save.isEmpty()) {
      session.copy.unchanged(save);
      reportLost(session, save.pending().lost());
      return Commit.UNCHANGED;
    }
    HeldLock lock = session.bindingLock();
    // Not if more may have to be saved after it.
    HeldLock last = lock == givenUp && save.pending().unchanged().isEmpty() ? lock : null;
    SaveOutcome outcome =
        save.create()
            ? store.create(save.creation(firstLife(session)))
            : store.save(
                save.changes(
                    lock == null ? null : new LockCheck(lock.ticket().token(), last != null)));
    switch (outcome.result()) {
      case SAVED -> {
        if (last != null) {
          last.givenUp();
        }
        if (stored(session, save, outcome)) {
          Save rest = session.copy.prepareSave(random, access, store.now());
          Commit commit = send(session, rest, access, givenUp, attempt);
          return commit == Commit.GONE ? Commit.GONE : Commit.SAVED;
        }
        return Commit.SAVED;
      }
      case GONE -> {
        ending.giveUp(session);
        metrics.count(Counter.SAVE_GONE);
        return Commit.GONE;
      }
      case MOVED -> {
        return sendAgain(session, access, givenUp, attempt);
      }
      case FENCED -> {
        throw fenced(session);
      }
      case LOCK_LOST -> {
        HeldLock asked = Objects.requireNonNull(lock);
        if (!asked.isBinding()) {
          // The request that had the lock has ended meanwhile, and this save needs it no more.
          return send(session, save, access, givenUp, attempt);
        }
        throw lockLost(session, asked);
      }
      case LATE -> {
        throw late(session);
      }
    }
    throw new IllegalStateException("Unknown outcome " + outcome.result());
  }

  /** How long the session lives without a second request; zero: as long as any other. */
  private Duration firstLife(Session session) {
    return session.isInherited() ? Duration.ZERO : settings.limits().firstLife();
  }

  /** Records what the store has taken; answers whether more has to be saved. */
  private boolean stored(Session session, Save save, SaveOutcome outcome) {
    TimeBudget.restart();
    String userBefore = session.storedUser();
    boolean more = session.copy.saved(save, outcome);
    users.stored(session, userBefore);
    if (save.create()) {
      residents.adopt(session);
    }
    if (save.create() || save.accessedTime() != null) {
      Duration firstLife = firstLife(session);
      if (save.hasFirstLife(firstLife)) {
        held.begin(session, firstLife);
      } else {
        touches.touched(session.locator(), session.maxInactiveInterval());
        held.begin(session);
      }
    }
    metrics.count(save.create() ? Counter.CREATED : Counter.SAVED);
    Set<String> lost = new TreeSet<>(outcome.lost());
    lost.addAll(save.pending().lost());
    reportLost(session, lost);
    return more;
  }

  private SessionConflictException fenced(Session session) {
    metrics.count(Counter.SAVE_FENCED);
    security.report(
        Kind.WRITE_FENCED,
        session.locator(),
        "a request that entered before a login on another node may not write; answered 409");
    return new SessionConflictException(
        "Session "
            + session.id()
            + " was not saved: its id was rotated at a login on another node after this request had"
            + " entered. Nothing was stored; send the request again with the new cookie.");
  }

  private SessionConflictException lockLost(Session session, HeldLock lock) {
    lock.refused();
    return new SessionConflictException(
        "Session "
            + session.id()
            + " was not saved: its lock was lost, by this request or by one that shares the session's"
            + " object with it, while that was at work. Nothing was stored; send the"
            + " request again. See lock.lease.");
  }

  private SessionStoreUnavailableException late(Session session) {
    metrics.count(Counter.SAVE_LATE);
    return new SessionStoreUnavailableException(
        "Session "
            + session.id()
            + " was not saved: the save reached Redis after its deadline and refused itself."
            + " Redis or the network to it is slow; see redis.timeout.",
        null);
  }

  /**
   * Reads the session and saves again, because another node has changed the metadata that this save
   * was to change.
   */
  private Commit sendAgain(
      Session session, boolean access, @Nullable HeldLock givenUp, int attempt) {
    StoredSession found = store.load(session.locator(), null);
    if (found == null || found.state().expired()) {
      ending.giveUp(session);
      metrics.count(Counter.SAVE_GONE);
      return Commit.GONE;
    }
    if (attempt == MAX_ATTEMPTS || !session.refresh(found)) {
      metrics.count(Counter.SAVE_FENCED);
      throw new SessionConflictException(
          "Session "
              + session.id()
              + " was not saved: other nodes change its time-out, its login or its id at the same"
              + " time. Nothing was stored; send the request again.");
    }
    Save save = session.copy.prepareSave(random, access, store.now());
    return send(session, save, access, givenUp, attempt + 1);
  }

  private void reportLost(Session session, Set<String> lost) {
    if (lost.isEmpty()) {
      return;
    }
    metrics.count(Counter.CHANGE_LOST);
    String message =
        "Session "
            + session.id()
            + ": changes in place to "
            + Printable.message(lost.toString())
            + " were dropped because another node has written these attributes since they were read"
            + " here";
    if (settings.attributes().conflict() == Conflict.FAIL) {
      throw new SessionConflictException(message + " (conflict=fail)");
    }
    LOG.log(
        Level.WARNING,
        "{0}. Call setAttribute after changing an attribute, or set conflict=fail.",
        message);
  }

  /**
   * Checks that a change of the session can be saved when no request will save it.
   *
   * @throws SessionStoreUnavailableException when the change could not be saved
   */
  void requireSavable(Session session) {
    if (!session.isKept() || !session.isValid()) {
      return;
    }
    requireNotDropped(session);
    store.ensureAvailable();
  }

  private static void requireNotDropped(Session session) {
    if (session.isDropped()) {
      throw new SessionStoreUnavailableException(
          "save: this object of session "
              + session.id()
              + " is not saved any more, because a save of it failed or a login on another node"
              + " came before. Get the session from a new request.",
          null);
    }
  }

  /** Saves what was changed outside of requests, within 100 ms. */
  void soon(Session session) {
    if (session.isKept() && session.copy.isStored()) {
      late.soon(session);
    }
  }

  /** Saves outside of requests; answers whether the session has to be saved again. */
  private boolean saveLate(Session session) {
    if (!session.isValid()) {
      return false;
    }
    residents.retain(session);
    try {
      if (session.attributes.hasPending()) {
        requireNotDropped(session);
      }
      if (commit(session, false, false, null, false) != Commit.GONE) {
        return session.attributes.hasRaced();
      }
      LOG.log(
          Level.WARNING,
          "Session {0}: what was changed outside of a request is lost, because the session has"
              + " ended",
          session.id());
    } catch (RuntimeException e) {
      metrics.count(Counter.LOST_AFTER_COMMIT);
      LOG.log(
          Level.WARNING,
          "Session {0}: what was changed outside of a request, or while it was saved, is lost. {1}",
          session.id(),
          Printable.message(e.getMessage()));
    } finally {
      residents.release(session);
    }
    return false;
  }

  /** Saves at once what was to be saved in a moment. */
  @Override
  public void close() {
    late.close();
  }
}
