package dev.holdfast.backup;

import dev.holdfast.api.BackupUnavailableException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls to the backup that requests wait for: each for a limited time, few at once, and
 * on threads of our own, because a driver cannot be made to give up. After a call that failed or
 * took too long, callers are refused at once for a second; then one of them tries again, and the
 * others are still refused meanwhile.
 */
final class BackupCalls implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int QUEUED_PER_THREAD = 32;
  private static final long CLOSING_SECONDS = 2;

  private final ThreadPoolExecutor threads;
  private final Duration budget;
  private final AtomicBoolean trying = new AtomicBoolean();
  private volatile boolean failing;
  private volatile long notBefore;

  /**
   * @param threads how many calls may be under way
   * @param budget how long one caller waits
   */
  BackupCalls(String app, int threads, Duration budget, ClassLoader application) {
    this.budget = budget;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(threads * QUEUED_PER_THREAD),
            work -> BackupThread.thread(app + "-backup-call", work, application));
    this.threads.allowCoreThreadTimeOut(true);
  }

  Duration budget() {
    return budget;
  }

  /**
   * The outcome of {@code work}, which may go on after this call has given up.
   *
   * @throws BackupUnavailableException when there is none within the budget
   */
  <T extends @Nullable Object> T call(String operation, Callable<T> work) {
    boolean trial = failing;
    if (trial && (System.nanoTime() - notBefore < 0 || !trying.compareAndSet(false, true))) {
      throw new BackupUnavailableException(
          "Backup - " + operation + " was not tried: the database failed a moment ago", null);
    }
    boolean good = false;
    try {
      T result = await(operation, work);
      good = true;
      return result;
    } finally {
      notBefore = System.nanoTime() + PAUSE_NANOS;
      failing = !good;
      if (trial) {
        trying.set(false);
      }
    }
  }

  private <T extends @Nullable Object> T await(String operation, Callable<T> work) {
    Future<T> future;
    try {
      future = threads.submit(work);
    } catch (RejectedExecutionException e) {
      throw new BackupUnavailableException(
          "Backup - "
              + operation
              + " found no free thread (under way="
              + threads.getActiveCount()
              + ", waiting="
              + threads.getQueue().size()
              + "); the database is slow, or raise backup.connections",
          null);
    }
    try {
      return future.get(budget.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      future.cancel(false);
      throw new BackupUnavailableException(
          "Backup - "
              + operation
              + " took longer than "
              + budget.toMillis()
              + " ms (backup.timeout); it may still happen",
          null);
    } catch (InterruptedException e) {
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw new BackupUnavailableException("Backup - " + operation + " was interrupted", null);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BackupUnavailableException known) {
        throw known;
      }
      throw new BackupUnavailableException(
          "Backup - " + operation + " failed: " + e.getCause(), e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
