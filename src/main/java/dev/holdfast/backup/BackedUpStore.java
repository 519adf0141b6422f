package dev.holdfast.backup;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.BackupSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.Rewrite;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.Rotation;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store whose sessions are backed up, and come back when it has lost them; the package's
 * documentation says how.
 *
 * <p>On the path of a request it costs nothing beyond what its methods say.
 */
public final class BackedUpStore implements SessionStore {
  /** How long nobody can put back an ended session whose copy they read before its end. */
  private static final Duration REFUSED_FOR = Duration.ofMinutes(1);

  /** More than the grace and the longest touch slack, by which a session outlives its idle time. */
  private static final Duration SLACK = Duration.ofHours(2);

  private static final Duration NEVER = Duration.ofDays(366);

  private final RestorableStore store;
  private final SessionBackup backup;
  private final Metrics metrics;
  private final ChangedSessions changes = new ChangedSessions();
  private final MissedWrites missed;
  private final BackupCalls calls;
  private final Lookup lookup;
  private final WarmUps warmUps;
  private final BackupThread thread;

  /**
   * Nothing happens before {@link #start}.
   *
   * @param application class loader for the threads that call the database
   */
  public BackedUpStore(
      RestorableStore store,
      SessionBackup backup,
      Settings settings,
      Metrics metrics,
      ClassLoader application) {
    this(store, backup, settings.app(), settings.backup(), metrics, BackupThread.TICK, application);
  }

  /** With a tick of its own, for tests that cannot wait for the usual one. */
  BackedUpStore(
      RestorableStore store,
      SessionBackup backup,
      String app,
      BackupSettings backups,
      Metrics metrics,
      Duration tick,
      ClassLoader application) {
    this.store = store;
    this.backup = backup;
    this.metrics = metrics;
    metrics.gauge(
        new Gauge(
            "BackupWaiting",
            "Changed sessions that are not in the backup yet.",
            "sessions",
            changes::size));
    LossSigns loss = new LossSigns();
    missed = new MissedWrites(store, backup);
    calls = new BackupCalls(app, backups.connections() - 1, backups.timeout(), application);
    lookup = new Lookup(store, backup, calls, backups.lookups(), loss, metrics, this::restored);
    warmUps = new WarmUps(store, backup, backups.batch(), loss, this::restored);
    thread =
        new BackupThread(
            store,
            backup,
            backups,
            changes,
            missed,
            warmUps,
            lookup,
            metrics,
            tick,
            app,
            application);
  }

  private volatile Consumer<Collection<String>> restored = locators -> {};

  /** Starts the rounds. From now on, sessions also come back when the store has lost them. */
  public void start() {
    thread.start();
  }

  /** How many changed sessions are not in the backup yet. */
  public int waiting() {
    return changes.size();
  }

  @Override
  public void ensureAvailable() {
    store.ensureAvailable();
  }

  /**
   * If the store has none, waits for the database too and, if that has it, twice more for the
   * store.
   */
  @Override
  public @Nullable StoredSession load(String locator, byte @Nullable [] touchSecretHash) {
    StoredSession session = store.load(locator, touchSecretHash);
    if (session == null && lookup.restore(locator)) {
      session = store.load(locator, touchSecretHash);
    }
    if (session != null && touchSecretHash != null) {
      changes.read(locator);
    }
    return session;
  }

  /** Leaves out sessions that only the backup has. */
  @Override
  public Map<String, StoredSession> describe(Collection<String> locators, Unreadable unreadable) {
    return store.describe(locators, unreadable);
  }

  private void restored(Collection<String> locators) {
    restored.accept(locators);
  }

  @Override
  public void whenRestored(Consumer<Collection<String>> told) {
    restored = told;
  }

  /** The index is not backed up: a session is filed again when it is put back. */
  @Override
  public UserIndex users() {
    return store.users();
  }

  @Override
  public SessionLocks locks() {
    return store.locks();
  }

  @Override
  public @Nullable SessionState known(String locator) {
    return store.known(locator);
  }

  /** Waits as {@link #load} does. */
  @Override
  public @Nullable SessionState check(String locator, byte @Nullable [] touchSecretHash) {
    SessionState state = store.check(locator, touchSecretHash);
    if (state == null && lookup.restore(locator)) {
      state = store.check(locator, touchSecretHash);
    }
    if (state != null && touchSecretHash != null) {
      changes.read(locator);
    }
    return state;
  }

  @Override
  public CompletionStage<Optional<Duration>> touch(String locator, byte[] secretHash) {
    return store
        .touch(locator, secretHash)
        .thenApply(
            interval -> {
              if (interval.isPresent()) {
                changes.read(locator);
              }
              return interval;
            });
  }

  @Override
  public CompletionStage<Optional<Duration>> prolong(String locator) {
    return store
        .prolong(locator)
        .thenApply(
            interval -> {
              if (interval.isPresent()) {
                changes.read(locator);
              }
              return interval;
            });
  }

  /** Does not wait for the database: nothing older could come back in its place. */
  @Override
  public SaveOutcome create(NewSession session) {
    SaveOutcome outcome = store.create(session);
    if (outcome.result() == Result.SAVED) {
      changes.changed(session.locator());
    }
    return outcome;
  }

  /**
   * Waits for the database at a new secret, a login, a logout or a new maxInactiveInterval, and
   * when the session is gone: if the store has only lost it, it is put back and saved. After an
   * exchange of keys, metadata that are sealed anew look like a login and cost each session one
   * such wait; telling the two apart would take a field in every change.
   */
  @Override
  public SaveOutcome save(SessionChanges changed) {
    SaveOutcome outcome = store.save(changed);
    if (outcome.result() == Result.GONE && lookup.restore(changed.locator())) {
      outcome = store.save(changed);
    }
    if (outcome.result() != Result.SAVED) {
      return outcome;
    }
    Rotation rotation = changed.rotation();
    boolean newEpoch = rotation != null && !rotation.renewal();
    boolean login = newEpoch || changed.principal() != null;
    if (!login && rotation == null && changed.maxInactiveInterval() == null) {
      changes.changed(changed.locator());
      return outcome;
    }
    long epoch = changed.epoch() + (newEpoch ? 1 : 0);
    if (copy(changed.locator(), epoch)) {
      return outcome;
    }
    if (login) {
      throw new SessionStoreUnavailableException(
          "A session was lost while a login or logout was saved; it is unknown whether that took"
              + " effect",
          null);
    }
    return new SaveOutcome(Result.GONE, null, Set.of(), outcome.now());
  }

  /**
   * Writes the session's copy before its response, or opens the declared window.
   *
   * @return false when the store has lost what it was given a moment ago
   */
  private boolean copy(String locator, long epoch) {
    List<SessionSnapshot> copies = store.snapshots(List.of(locator));
    if (copies.isEmpty() || copies.get(0).epoch() < epoch) {
      return false;
    }
    try {
      calls.call(
          "keeping a session",
          () -> {
            backup.keep(copies);
            return true;
          });
    } catch (BackupUnavailableException e) {
      metrics.count(Counter.BACKUP_FAILED);
      missed.copyMissed(locator, String.valueOf(e.getMessage()));
    }
    return true;
  }

  /**
   * Waits for the database first.
   *
   * @see <a href="package-summary.html">why the database is told first</a>
   */
  @Override
  public @Nullable StoredSession destroy(String locator) {
    changes.forget(locator);
    boolean recorded = false;
    try {
      recordEnd(locator, store.now().plus(BackupThread.END_REMEMBERED));
      recorded = true;
    } catch (BackupUnavailableException e) {
      missed.endMissed(locator, String.valueOf(e.getMessage()));
    }
    StoredSession last = store.destroy(locator, recorded ? REFUSED_FOR : null);
    if (last != null) {
      Duration left = longestLife(last.state().maxInactiveInterval());
      if (!recorded || left.compareTo(BackupThread.END_REMEMBERED) > 0) {
        missed.end(locator, last.state().now().plus(left));
      }
    }
    return last;
  }

  private void recordEnd(String locator, Instant until) {
    try {
      calls.call(
          "recording the end of a session",
          () -> {
            backup.end(locator, until);
            return true;
          });
    } catch (BackupUnavailableException e) {
      metrics.count(Counter.BACKUP_FAILED);
      throw e;
    }
  }

  private static Duration longestLife(Duration maxInactiveInterval) {
    return maxInactiveInterval.isZero() || maxInactiveInterval.isNegative()
        ? NEVER
        : maxInactiveInterval.plus(SLACK);
  }

  /** Does not wait for the database. */
  @Override
  public @Nullable StoredSession expire(String locator) {
    changes.forget(locator);
    return store.expire(locator);
  }

  /**
   * Asks the store first how long the end must be remembered, records it in the database, and then
   * ends it: whoever calls this may be gone before a second try.
   *
   * @throws SessionStoreUnavailableException when the database does not answer, and nothing has
   *     ended; or when the store does not, and the message says whether the end is recorded
   */
  @Override
  public boolean lapse(String locator) {
    SessionState state = store.check(locator, null);
    Duration left = state == null ? Duration.ZERO : longestLife(state.maxInactiveInterval());
    Duration remembered = BackupThread.END_REMEMBERED;
    changes.forget(locator);
    try {
      recordEnd(locator, store.now().plus(left.compareTo(remembered) > 0 ? left : remembered));
    } catch (BackupUnavailableException e) {
      throw new SessionStoreUnavailableException(
          "A session was not ended: its end could not be recorded in the backup, which would bring"
              + " it back; repeat the command. "
              + e.getMessage(),
          e);
    }
    try {
      return store.lapse(locator, REFUSED_FOR);
    } catch (SessionStoreUnavailableException e) {
      throw new SessionStoreUnavailableException(
          "The end of a session is recorded in the backup, which will not bring it back, but the"
              + " session may live on until Redis loses it; repeat the command. "
              + e.getMessage(),
          e);
    }
  }

  /** Has the copy rewritten too, because the key that seals it may be removed. */
  @Override
  public int rewrite(String locator, Rewrite rewrite) {
    int written = store.rewrite(locator, rewrite);
    if (written > 0) {
      changes.changed(locator);
    }
    return written;
  }

  @Override
  public void distrustConnection(String locator) {
    store.distrustConnection(locator);
  }

  @Override
  public long restoreAll() {
    return restoreAll((seen, total, back) -> {});
  }

  /** As {@link #restoreAll()}, and tells how far it is. */
  public long restoreAll(RestoreProgress progress) {
    long back = warmUps.restoreAll(progress);
    lookup.forgetNotFound();
    return back;
  }

  @Override
  public Instant now() {
    return store.now();
  }

  /** Runs a last round first, which may take a few seconds. */
  @Override
  public void close() {
    thread.close();
    calls.close();
    store.close();
    backup.close();
  }
}
