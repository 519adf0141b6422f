package dev.holdfast.session;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Saves again, a moment later, what a commit could not encode because another thread was changing
 * it. Tries until it succeeds, though not for ever: a value that can never be encoded waits for the
 * next request. One thread, there from the first such save on.
 */
final class RacedSaves implements AutoCloseable {
  private static final long DELAY_MILLIS = 100;
  private static final int TRIES = 50;

  private final Predicate<Session> save;
  private final Set<Session> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * @param save saves a session and says whether it has to be saved again; throws nothing
   */
  RacedSaves(Predicate<Session> save) {
    this.save = save;
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "holdfast-saves");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** Has the session saved again, unless that is under way. */
  void later(Session session) {
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
    if (save.test(session) && attempt < TRIES) {
      schedule(session, attempt + 1);
    } else {
      waiting.remove(session);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    waiting.clear();
  }
}
