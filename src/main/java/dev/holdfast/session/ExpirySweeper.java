package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.ExpiryIndex;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the sessions that nobody asks for any more, so that listeners are told: on one node, once,
 * with everything that was stored.
 *
 * <p>Every node sweeps, at moments of its own; the index makes them share the work, and the store's
 * {@code destroy} lets only one of them end a session. From then on only this node can tell the
 * listeners: if it dies between the two, nobody hears of that session. The other order could tell
 * twice, and for a listener that books a refund no call is better than two.
 *
 * <p>A node on which no listener of the application hears of the end of a session leaves sessions
 * alone until they are {@link #DEFERENCE} overdue: while a version with a listener is being
 * deployed, the nodes that have it come first. Values that want to know that they are unbound are
 * told even if nobody else listens, only later.
 *
 * <p>One daemon thread, with the application's class loader as its context. It is not interrupted
 * when the application ends, because it might then have ended a session without knowing it.
 */
final class ExpirySweeper implements AutoCloseable {
  /** Well under the grace for which the store keeps what listeners want to see. */
  static final Duration DEFERENCE = Duration.ofMinutes(2);

  private static final Logger LOG = Loggers.of(ExpirySweeper.class);
  private static final long CLOSING_SECONDS = 5;

  private final ExpiryIndex index;
  private final Consumer<String> expire;
  private final BooleanSupplier listened;
  private final Duration interval;
  private final Thread thread;
  private volatile boolean closed;

  /** When the last sweep was finished, as {@link System#nanoTime} gives it. */
  private volatile long finished = System.nanoTime();

  /**
   * @param expire ends the session of a locator and tells of it
   * @param listened whether a listener of the application hears of that
   * @param interval between two sweeps, on average
   * @param application context class loader of the thread
   */
  ExpirySweeper(
      ExpiryIndex index,
      Consumer<String> expire,
      BooleanSupplier listened,
      Duration interval,
      @Nullable ClassLoader application) {
    this.index = index;
    this.expire = expire;
    this.listened = listened;
    this.interval = interval;
    thread = new Thread(null, this::run, "holdfast-sweeper", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(application);
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean more = false;
    while (!closed) {
      if (!more) {
        pause();
      }
      more = !closed && sweep();
    }
  }

  /**
   * Waits between half and one and a half times the interval, so that nodes that started together
   * drift apart.
   */
  private void pause() {
    long nanos = interval.toNanos();
    long end = System.nanoTime() + ThreadLocalRandom.current().nextLong(nanos / 2, nanos * 3 / 2);
    for (long left = end - System.nanoTime(); left > 0 && !closed; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  private boolean sweep() {
    try {
      Duration overdue = listened.getAsBoolean() ? Duration.ZERO : DEFERENCE;
      boolean more = index.sweep(overdue, this::expire);
      finished = System.nanoTime();
      return more;
    } catch (SessionStoreUnavailableException e) {
      LOG.log(Level.DEBUG, "A sweep was broken off: {0}", e.getMessage());
    } catch (CancellationException e) {
      LOG.log(Level.DEBUG, "A sweep was broken off because the application ends");
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "A sweep for expired sessions failed; the next one goes on", e);
    }
    return false;
  }

  /** Milliseconds since the last sweep that was not broken off; since the start if none was. */
  long ageMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - finished);
  }

  private void expire(String locator) {
    if (closed) {
      throw new CancellationException();
    }
    try {
      expire.accept(locator);
    } catch (SessionStoreUnavailableException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "An expired session could not be told of as it should", e);
    }
  }

  /** Lets listeners finish that are being told of a session. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSING_SECONDS));
      if (thread.isAlive()) {
        LOG.log(
            Level.WARNING,
            "A session listener is busy for more than {0} s while the application ends",
            CLOSING_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
