package dev.holdfast.backup;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.RestorableStore.Restored;
import dev.holdfast.store.RestorableStore.WarmUp;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Puts back all sessions that the backup has and the store does not. */
final class WarmUps {
  private static final Logger LOG = Loggers.of(WarmUps.class);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

  /** How long a node that failed leaves the task to others. */
  private static final long PAUSE_NANOS = LEASE.plusSeconds(5).toNanos();

  /** The most time from reading a page to putting its sessions back; see {@link Lookup}. */
  private static final Duration FRESH = Duration.ofSeconds(15);

  private static final Duration GRACE = Duration.ofMinutes(5);

  private final RestorableStore store;
  private final SessionBackup backup;
  private final int batch;
  private final LossSigns loss;

  /**
   * Is told which sessions are back. That includes those put back by another node, which may have
   * died before it filed them.
   */
  private final Consumer<Collection<String>> filing;

  private final String node = UUID.randomUUID().toString();
  private long notBefore = System.nanoTime();

  WarmUps(
      RestorableStore store,
      SessionBackup backup,
      int batch,
      LossSigns loss,
      Consumer<Collection<String>> filing) {
    this.store = store;
    this.backup = backup;
    this.batch = batch;
    this.loss = loss;
    this.filing = filing;
  }

  /**
   * Puts everything back if the store has lost it and no other node is doing so. One wait if
   * nothing is lost. Called by one thread.
   *
   * @return whether something was put back
   */
  boolean whenLost() {
    if (System.nanoTime() - notBefore < 0) {
      return false;
    }
    WarmUp claim = store.claimWarmUp(node, LEASE);
    loss.emptied(claim != WarmUp.DONE);
    if (claim != WarmUp.YOURS) {
      return false;
    }
    notBefore = System.nanoTime() + PAUSE_NANOS;
    long back = restore(true, (seen, total, put) -> {});
    if (store.claimWarmUp(node, LEASE) == WarmUp.YOURS) {
      store.finishWarmUp();
      loss.emptied(false);
    }
    notBefore = System.nanoTime();
    return back > 0;
  }

  /** Puts everything back whatever the store has. */
  long restoreAll(RestoreProgress progress) {
    return restore(false, progress);
  }

  private long restore(boolean claimed, RestoreProgress progress) {
    long start = System.nanoTime();
    Instant alive = store.now().plus(GRACE);
    long total = backup.count(alive);
    if (total > 0) {
      LOG.log(Level.INFO, "Putting {0} sessions back from the backup", total);
    }
    long seen = 0;
    long back = 0;
    long nextLine = start + PROGRESS_NANOS;
    String after = "";
    while (true) {
      Instant notAfter = store.now().plus(FRESH);
      List<SessionSnapshot> page = backup.page(after, batch, alive);
      if (page.isEmpty()) {
        break;
      }
      List<String> there = new ArrayList<>();
      List<Restored> outcomes = store.restore(page, notAfter);
      for (int i = 0; i < page.size(); i++) {
        Restored restored = outcomes.get(i);
        if (restored == Restored.LATE) {
          throw new SessionStoreUnavailableException(
              "Redis is too slow to put sessions back", null);
        }
        back += restored == Restored.BACK ? 1 : 0;
        if (restored == Restored.BACK || restored == Restored.PRESENT) {
          there.add(page.get(i).locator());
        }
      }
      filing.accept(there);
      seen += page.size();
      after = page.get(page.size() - 1).locator();
      progress.at(seen, total, back);
      if (claimed && store.claimWarmUp(node, LEASE) == WarmUp.OTHERS) {
        LOG.log(Level.INFO, "Another node goes on putting sessions back, after {0} of ours", back);
        return back;
      }
      if (System.nanoTime() - nextLine > 0) {
        nextLine = System.nanoTime() + PROGRESS_NANOS;
        LOG.log(Level.INFO, "{0} of {1} sessions looked at, {2} put back", seen, total, back);
      }
    }
    if (total > 0) {
      LOG.log(
          Level.INFO,
          "{0} of {1} sessions put back in {2} ms; the others were there or have ended",
          back,
          total,
          (System.nanoTime() - start) / 1_000_000);
    }
    return back;
  }
}
