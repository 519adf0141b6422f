package dev.holdfast.servlet;

import dev.holdfast.session.SessionConflictException;
import dev.holdfast.store.SessionStoreUnavailableException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Saves before {@code complete()}: the container commits the response there, and tells its
 * listeners only after.
 */
final class SavingAsyncContext implements AsyncContext {
  private final AsyncContext container;
  private final RequestScope scope;
  private final boolean original;

  /**
   * @param original whether the application called {@code startAsync} without arguments, so that
   *     ours stand for the container's request and response
   */
  SavingAsyncContext(AsyncContext container, RequestScope scope, boolean original) {
    this.container = container;
    this.scope = scope;
    this.original = original;
  }

  @Override
  public void complete() {
    try {
      scope.save();
    } catch (SessionStoreUnavailableException | SessionConflictException e) {
      refuse();
    }
    container.complete();
  }

  private void refuse() {
    ServletResponse response = container.getResponse();
    while (response instanceof SessionResponse wrapped) {
      response = wrapped.getResponse();
    }
    try {
      if (response instanceof HttpServletResponse http && !http.isCommitted()) {
        scope.refuseTo(http);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    container.start(run);
  }

  @Override
  public void addListener(AsyncListener listener) {
    container.addListener(listener);
  }

  @Override
  public void addListener(
      AsyncListener listener,
      @Nullable ServletRequest servletRequest,
      @Nullable ServletResponse servletResponse) {
    container.addListener(listener, servletRequest, servletResponse);
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
