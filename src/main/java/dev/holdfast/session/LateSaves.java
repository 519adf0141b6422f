package dev.holdfast.session;

import dev.holdfast.store.TimeBudget;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Saves sessions a moment later, outside of requests: what a commit could not encode because
 * another thread was changing it, and what a WebSocket or a thread of the application has changed.
 * Such a change is in the store within 100 ms, if the store answers at once.
 *
 * <p>A value that keeps changing is tried again and again, but not for ever: then it waits for the
 * next request. A few threads do this, from the first such save on.
 */
final class LateSaves implements AutoCloseable {
  private static final long DELAY_MILLIS = 50;
  private static final int TRIES = 100;
  private static final int THREADS = 4;

  /** How long a store that does not answer may delay the end of the application. */
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final Predicate<Session> save;
  private final Set<Session> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * @param save saves a session and says whether it has to be saved again; throws nothing
   */
  LateSaves(Predicate<Session> save) {
    this.save = save;
    timer =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "holdfast-saves");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** Has the session saved within a moment. */
  void soon(Session session) {
    if (waiting.add(session)) {
      schedule(session, 1);
    }
  }

  private void schedule(Session session, int attempt) {
    try {
      var unused = timer.schedule(() -> run(session, attempt), DELAY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      waiting.remove(session);
    }
  }

  private void run(Session session, int attempt) {
    // Before it is saved: what is changed from now on may be missing from this save.
    waiting.remove(session);
    if (save.test(session) && attempt < TRIES && waiting.add(session)) {
      schedule(session, attempt + 1);
    }
  }

  /** Saves what waits, and nothing from then on. */
  @Override
  public void close() {
    timer.shutdownNow();
    TimeBudget budget = TimeBudget.begin(CLOSING);
    try {
      for (Session session : waiting) {
        boolean unused = save.test(session);
      }
    } finally {
      budget.end();
    }
    waiting.clear();
  }
}
