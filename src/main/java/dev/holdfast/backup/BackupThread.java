package dev.holdfast.backup;

import dev.holdfast.api.BackupUnavailableException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.BackupSettings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that writes what is not written before a response. Once a second it looks whether
 * the store has lost everything, retries what is urgent, and runs a round if one is due. What it
 * could not write it keeps for the next second.
 */
final class BackupThread implements AutoCloseable {
  private static final Logger LOG = Loggers.of(BackupThread.class);
  static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LAST_ROUND = Duration.ofSeconds(5);
  private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);
  private static final int PURGED_AT_ONCE = 1_000;

  /** Rows stay this much longer than their sessions. */
  private static final Duration PURGE_DELAY = Duration.ofHours(1);

  /** How long an end is remembered when it is unknown how long its session could have lived. */
  static final Duration END_REMEMBERED = Duration.ofDays(1);

  private final RestorableStore store;
  private final SessionBackup backup;
  private final BackupSettings settings;
  private final ChangedSessions changes;
  private final MissedWrites missed;
  private final WarmUps warmUps;
  private final Lookup lookup;
  private final Metrics metrics;
  private final Duration tick;
  private final OccasionalWarning warning = new OccasionalWarning(LOG, Duration.ofMinutes(1));
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private long nextRound;
  private long nextPurge;
  private boolean prepared;
  private boolean failing;

  BackupThread(
      RestorableStore store,
      SessionBackup backup,
      BackupSettings settings,
      ChangedSessions changes,
      MissedWrites missed,
      WarmUps warmUps,
      Lookup lookup,
      Metrics metrics,
      Duration tick,
      String app,
      ClassLoader application) {
    this.store = store;
    this.backup = backup;
    this.settings = settings;
    this.changes = changes;
    this.missed = missed;
    this.warmUps = warmUps;
    this.lookup = lookup;
    this.metrics = metrics;
    this.tick = tick;
    this.thread = thread(app + "-backup", this::run, application);
  }

  /**
   * A daemon thread that inherits nothing but the application's class loader, which drivers and
   * pools may need.
   */
  static Thread thread(String name, Runnable work, ClassLoader application) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(application);
    return thread;
  }

  void start() {
    // So nodes that start together do not write together.
    long jitter = ThreadLocalRandom.current().nextLong(settings.interval().toNanos());
    nextRound = System.nanoTime() + jitter;
    nextPurge = System.nanoTime() + PURGE_INTERVAL.toNanos() + jitter;
    thread.start();
  }

  private void run() {
    try {
      do {
        tick();
      } while (!closing.await(tick.toMillis(), TimeUnit.MILLISECONDS));
      nextRound = System.nanoTime();
      tick();
    } catch (InterruptedException e) {
      // Closing took too long, so the last round is given up.
    }
  }

  private void tick() throws InterruptedException {
    try {
      if (!prepared) {
        backup.prepare();
        prepared = true;
      }
      if (warmUps.whenLost()) {
        lookup.forgetNotFound();
      }
      missed.write(store.now().plus(END_REMEMBERED));
      if (System.nanoTime() - nextRound >= 0) {
        round();
        nextRound = System.nanoTime() + settings.interval().toNanos();
      }
      if (System.nanoTime() - nextPurge >= 0) {
        nextPurge = System.nanoTime() + PURGE_INTERVAL.toNanos();
        backup.purge(store.now().minus(PURGE_DELAY), PURGED_AT_ONCE);
      }
      if (failing) {
        failing = false;
        LOG.log(Level.INFO, "The backup of sessions works again");
      }
    } catch (BackupUnavailableException | SessionStoreUnavailableException e) {
      failing = true;
      metrics.count(Counter.BACKUP_FAILED);
      warning.log(
          () ->
              "The backup of sessions is behind, with "
                  + changes.size()
                  + " waiting; it is tried again every second. "
                  + e.getMessage());
    } catch (RuntimeException e) {
      failing = true;
      metrics.count(Counter.BACKUP_FAILED);
      LOG.log(Level.ERROR, "The backup of sessions failed; it is tried again", e);
    }
  }

  private void round() throws InterruptedException {
    long dropped = changes.dropped();
    if (dropped > 0) {
      warning.log(() -> dropped + " changed sessions are not in the backup: too many are waiting");
    }
    int left = changes.size();
    while (left > 0) {
      long start = System.nanoTime();
      ChangedSessions.Batch batch = changes.take(Math.min(left, settings.batch()));
      if (batch.size() == 0) {
        return;
      }
      boolean written = false;
      try {
        write(batch);
        written = true;
      } finally {
        if (!written) {
          changes.putBack(batch);
        }
      }
      left -= batch.size();
      if (left > 0) {
        pace(start, batch.size());
      }
    }
  }

  private void write(ChangedSessions.Batch batch) {
    List<String> whole = new ArrayList<>(batch.changed());
    if (!batch.read().isEmpty()) {
      whole.addAll(backup.prolong(store.marks(batch.read())));
    }
    if (!whole.isEmpty()) {
      backup.keep(store.snapshots(whole));
    }
  }

  private void pace(long start, int written) throws InterruptedException {
    long due = start + TimeUnit.SECONDS.toNanos(written) / settings.rate();
    long pause = due - System.nanoTime();
    if (pause > 0 && closing.getCount() > 0) {
      TimeUnit.NANOSECONDS.sleep(pause);
    }
  }

  /** Ends the thread, after one last round that may take a few seconds. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(LAST_ROUND.toMillis());
      if (thread.isAlive()) {
        LOG.log(
            Level.WARNING,
            "The last round of the backup took too long; {0} sessions were not written",
            changes.size());
        thread.interrupt();
        thread.join(LAST_ROUND.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
