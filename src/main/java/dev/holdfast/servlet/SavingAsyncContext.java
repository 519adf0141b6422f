package dev.holdfast.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Saves before {@code complete()}: the container commits the response there, and tells its
 * listeners only after. One for each object of the container, kept by the request's {@link
 * AsyncCycles}.
 */
final class SavingAsyncContext implements AsyncContext {
  private final AsyncContext container;
  private final AsyncCycles cycles;
  private volatile boolean original;

  SavingAsyncContext(AsyncContext container, AsyncCycles cycles) {
    this.container = container;
    this.cycles = cycles;
  }

  boolean isOf(AsyncContext other) {
    return container == other;
  }

  /**
   * A cycle has begun.
   *
   * @param withOurs whether with our request and response, which stand for the container's
   */
  void started(boolean withOurs) {
    original = withOurs;
    container.addListener(new SavingAsyncListener(null, cycles));
    cycles.listens();
  }

  @Override
  public void complete() {
    cycles.save();
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
    container.start(() -> cycles.acting(run::run));
  }

  @Override
  public void addListener(AsyncListener listener) {
    container.addListener(new SavingAsyncListener(listener, cycles));
    cycles.listens();
  }

  @Override
  public void addListener(
      AsyncListener listener,
      @Nullable ServletRequest servletRequest,
      @Nullable ServletResponse servletResponse) {
    container.addListener(
        new SavingAsyncListener(listener, cycles), servletRequest, servletResponse);
    cycles.listens();
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
