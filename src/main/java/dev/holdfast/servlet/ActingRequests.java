package dev.holdfast.servlet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which request acts on which thread: the only one whose response a session call on that
 * thread may touch. The table in the package's documentation names every kind of thread.
 *
 * <p>A thread belongs to a request while the container has it run a dispatch or a callback of that
 * request. A thread of the application belongs to the request that it last asked for its session,
 * until that request ends; but not while another request is open that has come to the session since
 * then, whose work the thread may be doing by now.
 *
 * <p>Where log lines name session and user ({@link LogContext}), they do so on threads that the
 * container has called, until it is given the thread back.
 *
 * <p>It is a map and not a ThreadLocal: entries are removed with their request, so that none stays
 * in the thread pools of the container or the application.
 */
final class ActingRequests {
  private static final long WITHIN_A_CALL = -1;

  /**
   * @param arrivals how many requests had come to the session when the thread asked for it, or
   *     {@link #WITHIN_A_CALL}
   * @param named what the thread's log lines named before the request came to it; null if nothing
   *     is named
   */
  record Acting(RequestScope scope, long arrivals, LogContext.@Nullable Names named) {

    /** Whether the container has called, so that there is no doubt. */
    boolean isWithinCall() {
      return arrivals == WITHIN_A_CALL;
    }
  }

  /** Something to do that may fail. */
  interface Task<E extends Exception> {
    void run() throws E;
  }

  private final Map<Thread, Acting> threads = new ConcurrentHashMap<>();
  private final @Nullable LogContext log;

  /**
   * @param log has the log lines of these threads name session and user, or is null
   */
  ActingRequests(@Nullable LogContext log) {
    this.log = log;
  }

  /** What log lines name, or null if they name nothing. */
  @Nullable LogContext log() {
    return log;
  }

  /**
   * Called when the container calls into a request on this thread.
   *
   * @return what {@link #end} needs
   */
  @Nullable Acting begin(RequestScope scope) {
    LogContext context = log;
    if (context == null) {
      return threads.put(Thread.currentThread(), new Acting(scope, WITHIN_A_CALL, null));
    }
    Acting before = onThisThread();
    Acting outer = outer(before, scope);
    LogContext.Names named = outer == null ? context.present() : outer.named();
    threads.put(Thread.currentThread(), new Acting(scope, WITHIN_A_CALL, named));
    context.show(scope.names());
    return before;
  }

  /** Called when that call returns. */
  void end(@Nullable Acting before) {
    Acting ended =
        before == null
            ? threads.remove(Thread.currentThread())
            : threads.put(Thread.currentThread(), before);
    if (log != null
        && ended != null
        && ended.named() != null
        && outer(before, ended.scope()) == null) {
      log.show(ended.named());
    }
  }

  /** The call of the same request that a call is nested in, and that goes on when it returns. */
  private static @Nullable Acting outer(@Nullable Acting before, RequestScope scope) {
    boolean nested = before != null && before.isWithinCall() && before.scope() == scope;
    return nested ? before : null;
  }

  /** Has this thread's log lines name what the request names now, if it acts on this thread. */
  void showNames(RequestScope scope) {
    if (log != null && outer(onThisThread(), scope) != null) {
      log.show(scope.names());
    }
  }

  /** Runs what belongs to the request on this thread. */
  <E extends Exception> void run(RequestScope scope, Task<E> task) throws E {
    Acting before = begin(scope);
    try {
      task.run();
    } finally {
      end(before);
    }
  }

  /**
   * Called when this thread has asked a request for its session.
   *
   * @param arrivals how many requests have come to that session
   * @return whether an entry was made, which {@link #forget} must remove
   */
  boolean asked(RequestScope scope, long arrivals) {
    Acting present = threads.get(Thread.currentThread());
    if (present != null && present.isWithinCall()) {
      return false;
    }
    threads.put(Thread.currentThread(), new Acting(scope, arrivals, null));
    return true;
  }

  /** Forgets the threads of a request that has ended. */
  void forget(RequestScope scope) {
    threads.values().removeIf(acting -> acting.scope() == scope && !acting.isWithinCall());
  }

  /** The request that acts on this thread, or null. */
  @Nullable Acting onThisThread() {
    return threads.get(Thread.currentThread());
  }
}
