package dev.holdfast.session;

import dev.holdfast.store.SessionStoreUnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Brings all stored sessions into the form in which this node writes: after a new key has come to
 * the front, or encryption was turned on or off. Sessions in use do so by themselves when they are
 * written; this is for the rest.
 *
 * <p>On the thread of who asks, at a rate that they choose. It goes over the sessions until a pass
 * finds nothing to do: what others write meanwhile comes and goes.
 */
public final class Reencryption {
  private static final Logger LOG = System.getLogger(Reencryption.class.getName());
  private static final int MAX_PASSES = 10;

  private final SealedSessionStore store;

  /** For the sessions of one application. */
  public Reencryption(SealedSessionStore store) {
    this.store = store;
  }

  /**
   * Does it.
   *
   * @param perSecond how many sessions are looked at in a second, 1 or more
   * @return how many sessions were rewritten
   * @throws SessionStoreUnavailableException when the store does not answer; what was done stays
   * @throws InterruptedException when the thread is; likewise
   */
  public long run(int perSecond) throws InterruptedException {
    if (perSecond < 1) {
      throw new IllegalArgumentException("perSecond is " + perSecond + "; it must be 1 or more");
    }
    Pass pass = new Pass(TimeUnit.SECONDS.toNanos(1) / perSecond);
    long before;
    int passes = 0;
    do {
      before = pass.rewritten;
      store.forEachSession(pass::visit);
      passes++;
      if (Thread.interrupted()) {
        throw new InterruptedException("after " + pass.rewritten + " sessions");
      }
    } while (pass.rewritten > before && passes < MAX_PASSES);
    LOG.log(
        Level.INFO,
        "{0} sessions were encrypted anew, {1} looked at",
        pass.rewritten,
        pass.visited);
    return pass.rewritten;
  }

  private final class Pass {
    private final long interval;
    private long due = System.nanoTime();
    private long visited;
    private long rewritten;

    private Pass(long interval) {
      this.interval = interval;
    }

    /** Whether to go on. */
    private boolean visit(String locator) {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        if (Thread.currentThread().isInterrupted()) {
          return false;
        }
        LockSupport.parkNanos(this, left);
      }
      due = Math.max(due, System.nanoTime() - interval) + interval;
      visited++;
      if (store.reseal(locator)) {
        rewritten++;
      }
      return !Thread.currentThread().isInterrupted();
    }
  }
}
