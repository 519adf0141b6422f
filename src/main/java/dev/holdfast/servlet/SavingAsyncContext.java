package dev.holdfast.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Saves before {@code complete()}: the container commits the response there, and tells its
 * listeners only after. One for each object of the container, kept in the request's {@link
 * AsyncCycles}.
 */
final class SavingAsyncContext implements AsyncContext {
  private final AsyncContext container;
  private final RequestScope scope;
  private volatile boolean original;

  private SavingAsyncContext(AsyncContext container, RequestScope scope) {
    this.container = container;
    this.scope = scope;
  }

  /**
   * Ours for an object of the container: always the same one (Servlet 6.1, {@code
   * ServletRequest.getAsyncContext}).
   */
  static SavingAsyncContext of(AsyncContext container, RequestScope scope) {
    AsyncCycles cycles = scope.async();
    synchronized (cycles) {
      if (cycles.context() instanceof SavingAsyncContext known && known.container == container) {
        return known;
      }
      SavingAsyncContext made = new SavingAsyncContext(container, scope);
      cycles.context(made);
      return made;
    }
  }

  /**
   * The application has begun a cycle.
   *
   * @param withOurs whether with our request and response, which stand for the container's
   */
  static AsyncContext started(AsyncContext container, RequestScope scope, boolean withOurs) {
    SavingAsyncContext context = of(container, scope);
    context.original = withOurs;
    container.addListener(new SavingAsyncListener(null, scope));
    scope.async().listens();
    return context;
  }

  /** Waits for the end of a cycle that was begun on the container's own, unwrapped request. */
  static void watch(HttpServletRequest request, RequestScope scope) {
    if (!scope.async().isWatched()) {
      started(request.getAsyncContext(), scope, false);
    }
  }

  /** Saves first. What cannot be saved is answered 503, 409 or 500. */
  @Override
  public void complete() {
    scope.saveOrRefuse();
    container.complete();
  }

  @Override
  public ServletRequest getRequest() {
    return container.getRequest();
  }

  @Override
  public ServletResponse getResponse() {
    return container.getResponse();
  }

  @Override
  public boolean hasOriginalRequestAndResponse() {
    return original || container.hasOriginalRequestAndResponse();
  }

  @Override
  public void dispatch() {
    container.dispatch();
  }

  @Override
  public void dispatch(String path) {
    container.dispatch(path);
  }

  @Override
  public void dispatch(ServletContext context, String path) {
    container.dispatch(context, path);
  }

  @Override
  public void start(Runnable run) {
    container.start(() -> scope.act(run::run));
  }

  @Override
  public void addListener(AsyncListener listener) {
    container.addListener(new SavingAsyncListener(listener, scope));
    scope.async().listens();
  }

  @Override
  public void addListener(
      AsyncListener listener,
      @Nullable ServletRequest servletRequest,
      @Nullable ServletResponse servletResponse) {
    container.addListener(
        new SavingAsyncListener(listener, scope), servletRequest, servletResponse);
    scope.async().listens();
  }

  @Override
  public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
    return container.createListener(type);
  }

  @Override
  public void setTimeout(long milliseconds) {
    container.setTimeout(milliseconds);
  }

  @Override
  public long getTimeout() {
    return container.getTimeout();
  }
}
