package dev.holdfast.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long one request may wait for the store altogether. Each wait has a limit of its own, and a
 * request may have several: it loads its session, files a login, saves. A store that answers just
 * in time would cost it all of them together.
 *
 * <p>It belongs to the thread, so that nothing between the request and the store has to pass it on:
 * whoever begins it must end it on the same thread. Only time spent in the store counts, not the
 * application's. After a save it begins anew: a request that streams for hours and saves now and
 * then is not slow.
 *
 * <p>A thread without a budget has no limit but that of each wait.
 */
public final class TimeBudget {
  private static final ThreadLocal<TimeBudget> CURRENT = new ThreadLocal<>();

  private final @Nullable TimeBudget outer = CURRENT.get();
  private final long limit;
  private long spent;

  private TimeBudget(Duration limit) {
    this.limit = limit.toNanos();
  }

  /**
   * Begins a budget for what the calling thread does until {@link #end}, in place of the one that
   * it has.
   */
  public static TimeBudget begin(Duration limit) {
    TimeBudget budget = new TimeBudget(limit);
    CURRENT.set(budget);
    return budget;
  }

  /** Begins work of any length: only each wait is limited. Must be ended as well. */
  public static TimeBudget unlimited() {
    return begin(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * How long the calling thread may wait when it wants to wait for {@code wanted}; zero when
   * nothing is left.
   */
  public static Duration within(Duration wanted) {
    TimeBudget budget = CURRENT.get();
    if (budget == null) {
      return wanted;
    }
    Duration left = Duration.ofNanos(Math.max(0, budget.limit - budget.spent));
    return left.compareTo(wanted) < 0 ? left : wanted;
  }

  /**
   * Counts the time that the calling thread has waited since {@code start}, a value of {@link
   * System#nanoTime()}.
   */
  public static void spentSince(long start) {
    TimeBudget budget = CURRENT.get();
    if (budget != null) {
      budget.spent += System.nanoTime() - start;
    }
  }

  /**
   * Begins the calling thread's budget anew: it has saved what it had to, and what it waits for
   * from now on counts separately.
   */
  public static void restart() {
    TimeBudget budget = CURRENT.get();
    if (budget != null) {
      budget.spent = 0;
    }
  }

  /** Ends this budget; the calling thread has the one before it again. */
  public void end() {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
