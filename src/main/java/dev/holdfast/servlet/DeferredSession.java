package dev.holdfast.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The session of a client that sent an id, looked up when it is used. If there turns out to be none
 * for that id, it is empty until something is set, which makes a new one. What is set before the
 * request has begun is dropped instead: that is what Weld notes for itself in an existing session
 * ({@code WELD_S_HASH}, the conversations), and with it each request of a client with an old cookie
 * would make a session.
 */
final class DeferredSession implements DroppedSessionMethods {
  private final SessionRequest request;
  private final BooleanSupplier begun;

  /**
   * @param begun whether the request has begun
   */
  DeferredSession(SessionRequest request, BooleanSupplier begun) {
    this.request = request;
    this.begun = begun;
  }

  private @Nullable HttpSession existing() {
    return request.getSession(false);
  }

  private HttpSession session() {
    return request.getSession();
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    HttpSession existing = existing();
    return existing == null ? null : existing.getAttribute(name);
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    HttpSession existing = existing();
    return existing == null ? Collections.emptyEnumeration() : existing.getAttributeNames();
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    HttpSession existing = existing();
    if (existing != null) {
      existing.setAttribute(name, value);
    } else if (begun.getAsBoolean()) {
      session().setAttribute(name, value);
    }
  }

  @Override
  public void removeAttribute(String name) {
    HttpSession existing = existing();
    if (existing != null) {
      existing.removeAttribute(name);
    }
  }

  @Override
  public void invalidate() {
    HttpSession existing = existing();
    if (existing == null) {
      throw new IllegalStateException("invalidate: there is no session");
    }
    existing.invalidate();
  }

  @Override
  public String getId() {
    return session().getId();
  }

  @Override
  public boolean isNew() {
    return session().isNew();
  }

  @Override
  public long getCreationTime() {
    return session().getCreationTime();
  }

  @Override
  public long getLastAccessedTime() {
    return session().getLastAccessedTime();
  }

  @Override
  public ServletContext getServletContext() {
    return request.getServletContext();
  }

  @Override
  public void setMaxInactiveInterval(int seconds) {
    session().setMaxInactiveInterval(seconds);
  }

  @Override
  public int getMaxInactiveInterval() {
    return session().getMaxInactiveInterval();
  }
}
