package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings all stored sessions into the form in which this node writes: after a new key has come to
 * the front, or encryption was turned on or off. Sessions in use get there by themselves when they
 * are written; this is for the rest.
 *
 * <p>It runs on the caller's thread, at a rate that the caller chooses. It goes over the sessions
 * that are filed, part by part, and repeats that until a pass finds nothing to do, because others
 * write meanwhile. It holds the names of one part in memory. What a stopped run has done stays
 * done, and the next run begins with the part at which it stopped.
 */
public final class Reencryption {
  private static final Logger LOG = Loggers.of(Reencryption.class);
  private static final int MAX_PASSES = 10;

  private final SealedSessionStore store;
  private final UserSessions users;
  private final ExpiryIndex index;

  /** Hears how far a run is, on its thread. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called after each session.
     *
     * @param visited how many were looked at, in all passes
     * @param rewritten how many of these were rewritten
     */
    void at(long visited, long rewritten);
  }

  /** The part that a run has come to. */
  private volatile int part;

  /**
   * For the sessions of one application.
   *
   * @param users files the sessions again under their users, whose names there depend on the key
   * @param index names the sessions
   */
  public Reencryption(SealedSessionStore store, UserSessions users, ExpiryIndex index) {
    this.store = store;
    this.users = users;
    this.index = index;
  }

  /**
   * Rewrites every session that is not sealed with the key this node writes with.
   *
   * @param perSecond how many sessions are looked at in a second, 1 or more
   * @return how many sessions were rewritten
   * @throws IllegalStateException when no sessions are filed: {@code expiry.events} is off
   * @throws SessionStoreUnavailableException when the store does not answer; what was done stays
   * @throws InterruptedException when the thread is interrupted; what was done stays
   */
  public long run(int perSecond) throws InterruptedException {
    return run(perSecond, (visited, rewritten) -> {});
  }

  /** As {@link #run(int)}, and tells how far it is. */
  public long run(int perSecond, Progress progress) throws InterruptedException {
    if (perSecond < 1) {
      throw new IllegalArgumentException("perSecond is " + perSecond + "; it must be 1 or more");
    }
    if (!index.isOn()) {
      throw new IllegalStateException(
          "Sessions cannot be encrypted anew: expiry.events is off, so it is not written down which"
              + " there are; turn it on, on all nodes, or wait until the longest session has ended");
    }
    Pass pass = new Pass(TimeUnit.SECONDS.toNanos(1) / perSecond, progress);
    long before;
    int passes = 0;
    do {
      before = pass.rewritten;
      for (int i = 0; i < index.parts(); i++) {
        pass.visit(part);
        part = (part + 1) % index.parts();
      }
      passes++;
    } while (pass.rewritten > before && passes < MAX_PASSES);
    if (pass.rewritten == before) {
      store.resealed();
    }
    LOG.log(
        Level.INFO,
        "{0} sessions were encrypted anew, {1} looked at",
        pass.rewritten,
        pass.visited);
    return pass.rewritten;
  }

  private final class Pass {
    private final long interval;
    private final Progress progress;
    private long due = System.nanoTime();
    private long visited;
    private long rewritten;

    private Pass(long interval, Progress progress) {
      this.interval = interval;
      this.progress = progress;
    }

    private void visit(int part) throws InterruptedException {
      try {
        for (String locator : index.filed(part)) {
          awaitTurn();
          visited++;
          if (store.reseal(locator, session -> users.refile(locator, session))) {
            rewritten++;
          }
          progress.at(visited, rewritten);
        }
      } catch (SessionStoreUnavailableException e) {
        // Perhaps the thread was interrupted while it waited for the store.
        checkInterrupt();
        throw e;
      }
    }

    private void awaitTurn() throws InterruptedException {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        checkInterrupt();
        LockSupport.parkNanos(this, left);
      }
      checkInterrupt();
      due = Math.max(due, System.nanoTime() - interval) + interval;
    }

    private void checkInterrupt() throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException("after " + rewritten + " sessions");
      }
    }
  }
}
