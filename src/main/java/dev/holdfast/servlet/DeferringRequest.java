package dev.holdfast.servlet;

import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * Our request for code that asks for its session before the request has begun: if the client sent a
 * session id, that code gets a {@link DeferredSession}. From {@link #begun} on it is our request.
 */
final class DeferringRequest extends HttpServletRequestWrapper {
  private final SessionRequest request;
  private volatile boolean begun;

  DeferringRequest(SessionRequest request) {
    super(request);
    this.request = request;
  }

  void begun() {
    begun = true;
  }

  boolean hasBegun() {
    return begun;
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    if (begun || create) {
      return request.getSession(create);
    }
    return request.scope().mayHaveSession() ? new DeferredSession(request, this::hasBegun) : null;
  }
}
