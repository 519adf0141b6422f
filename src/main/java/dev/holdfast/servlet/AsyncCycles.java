package dev.holdfast.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous part of one request. The request ends when the last listener has heard that it
 * is complete, so that what listeners do to the session is saved too.
 */
final class AsyncCycles {

  /** Something to do that may fail. */
  interface Task<E extends Exception> {
    void run() throws E;
  }

  private final RequestScope scope;
  private final AtomicInteger listeners = new AtomicInteger();
  private @Nullable SavingAsyncContext current;

  AsyncCycles(RequestScope scope) {
    this.scope = scope;
  }

  /**
   * Ours for an object of the container: always the same one (Servlet 6.1, {@code
   * ServletRequest.getAsyncContext}).
   */
  synchronized SavingAsyncContext context(AsyncContext container) {
    SavingAsyncContext known = current;
    if (known == null || !known.isOf(container)) {
      known = new SavingAsyncContext(container, this);
      current = known;
    }
    return known;
  }

  /**
   * The application has begun a cycle.
   *
   * @param withOurs whether with our request and response
   */
  AsyncContext started(AsyncContext container, boolean withOurs) {
    SavingAsyncContext context = context(container);
    context.started(withOurs);
    return context;
  }

  /** Sees to the end of a cycle that was begun behind our back, on the container's own request. */
  void watch(HttpServletRequest request) {
    if (listeners.get() == 0) {
      started(request.getAsyncContext(), false);
    }
  }

  /** One more listener will hear of the end. */
  void listens() {
    listeners.incrementAndGet();
  }

  /** A listener hears nothing any more. */
  void listensNoMore() {
    listeners.decrementAndGet();
  }

  /** A listener has heard that the request is complete. */
  void heardOfTheEnd() throws IOException {
    if (listeners.decrementAndGet() <= 0) {
      scope.end();
    }
  }

  /** Saves before the container sends the response; what cannot be saved is answered 503 or 409. */
  void save() {
    scope.saveOrRefuse();
  }

  /** Runs what belongs to the request on this thread. */
  <E extends Exception> void acting(Task<E> task) throws E {
    ActingRequests acting = scope.boundary().acting();
    ActingRequests.Acting before = acting.begin(scope);
    try {
      task.run();
    } finally {
      acting.end(before);
    }
  }
}
