package dev.holdfast.servlet;

import dev.holdfast.api.SessionLimitExceededException;
import dev.holdfast.servlet.ActingRequests.Acting;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import dev.holdfast.text.Printable;
import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The {@code HttpSession} an application sees: one object per session and node, as in a container.
 * What happens after invalidation and with null names follows Tomcat.
 */
class WebSession implements DroppedSessionMethods {
  final Session session;
  private final WebApplication application;
  private final SessionManager manager;
  private final ActingRequests acting;
  private final AtomicLong arrivals = new AtomicLong();

  /** The open requests, each with its place in the order in which they came. */
  private final Map<RequestScope, Long> scopes = new ConcurrentHashMap<>();

  WebSession(Session session, WebApplication application, ActingRequests acting) {
    this.session = session;
    this.application = application;
    this.manager = application.manager();
    this.acting = acting;
  }

  /** Called when a request begins to use the session. */
  void attach(RequestScope scope) {
    scopes.put(scope, arrivals.incrementAndGet());
  }

  /** Called when a request no longer uses the session. */
  void detach(RequestScope scope) {
    scopes.remove(scope);
  }

  /** How many requests have come to use the session; those that came back count again. */
  long arrivals() {
    return arrivals.get();
  }

  @Override
  public long getCreationTime() {
    return session.creationTime().toEpochMilli();
  }

  @Override
  public String getId() {
    return session.id();
  }

  @Override
  public long getLastAccessedTime() {
    return session.lastAccessedTime().toEpochMilli();
  }

  @Override
  public ServletContext getServletContext() {
    return application.context();
  }

  @Override
  public void setMaxInactiveInterval(int seconds) {
    session.maxInactiveInterval(Duration.ofSeconds(seconds));
    if (isOutside()) {
      manager.usedOutside(session);
    }
  }

  @Override
  public int getMaxInactiveInterval() {
    return Math.toIntExact(session.maxInactiveInterval().toSeconds());
  }

  @Override
  public @Nullable Object getAttribute(@Nullable String name) {
    Object value = name == null ? null : session.attribute(name);
    if (value != null && isOutside()) {
      manager.usedOutside(session);
    }
    return value;
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    return Collections.enumeration(session.attributeNames());
  }

  @Override
  public void setAttribute(@Nullable String name, @Nullable Object value) {
    if (name == null) {
      throw new IllegalArgumentException("setAttribute: the name is null");
    }
    if (value == null) {
      removeAttribute(name);
      return;
    }
    boolean outside = isOutside();
    if (outside) {
      manager.requireSavable(session);
    }
    noticeLogin(name, value);
    boolean set = false;
    try {
      session.attribute(name, value);
      set = true;
      if (outside) {
        manager.usedOutside(session);
      }
    } catch (SessionLimitExceededException e) {
      throw new SessionLimitExceededException("setAttribute(\"" + Printable.of(name) + "\"): ", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "setAttribute(\"" + Printable.of(name) + "\"): " + Printable.message(e.getMessage()), e);
    } finally {
      if (!set) {
        application.logins().notSet(session, name);
      }
      reviewNames(name);
    }
  }

  /** Has log lines name another user if an attribute has said so. */
  private void reviewNames(String attribute) {
    LogContext log = acting.log();
    Acting present = log == null || !log.isWithUser() ? null : acting.onThisThread();
    if (present != null && application.logins().isIdentity(attribute)) {
      present.scope().reviewNames();
    }
  }

  /**
   * Changes the id, and records the user, before the attribute is there: what another request of
   * the session saves meanwhile is not under the old id, and this session is among the user's.
   *
   * @throws IllegalStateException when the client cannot be told a new id; the session has ended
   *     then
   */
  private void noticeLogin(String name, Object value) {
    LoginWatch logins = application.logins();
    RequestScope caller = caller();
    if (caller != null && logins.startsFresh()) {
      caller.logins().sets(name);
    }
    if (!session.isValid() || !logins.watches(name)) {
      return;
    }
    boolean change = logins.isChange(name, session.attribute(name), value);
    if (change) {
      privilegesChange(caller, name);
    }
    logins.sets(session, name, value, change);
  }

  private void privilegesChange(@Nullable RequestScope caller, String name) {
    boolean identity = application.logins().isIdentity(name);
    if (caller != null) {
      caller.privilegesChange(session, "the attribute " + name, identity);
    } else if (session.isKept()) {
      application.endAtLateLogin(session, "the attribute " + name + ", outside of a request");
    }
    if (!session.isValid()) {
      throw new IllegalStateException(
          "setAttribute(\""
              + Printable.of(name)
              + "\"): this changes user or roles (login.attributes), but the client cannot be told"
              + " the new session id: the response is committed, or no request acts on this thread"
              + " ("
              + Printable.of(Thread.currentThread().getName())
              + "). The session has been ended. Log in before the first byte is sent, on the"
              + " request's thread or after getSession() on the request");
    }
  }

  @Override
  public void removeAttribute(@Nullable String name) {
    if (name == null) {
      return;
    }
    boolean outside = isOutside();
    if (outside) {
      manager.requireSavable(session);
    }
    try {
      session.removeAttribute(name);
    } finally {
      application.logins().removed(session, name);
      reviewNames(name);
      if (outside) {
        manager.usedOutside(session);
      }
    }
  }

  /**
   * The session is gone from the store before this returns (ASVS 7.4.1); only then may the cookie
   * go.
   */
  @Override
  public void invalidate() {
    if (!session.isValid()) {
      throw new IllegalStateException(
          "invalidate: session " + session.id() + " has been invalidated");
    }
    RequestScope caller = caller();
    if (caller == null) {
      manager.invalidate(session);
    } else {
      caller.invalidate(session);
    }
  }

  @Override
  public boolean isNew() {
    return session.isNew();
  }

  /** Whether no request that acts on this thread uses the session, so that none saves it. */
  private boolean isOutside() {
    Acting present = acting.onThisThread();
    return present == null || !present.scope().holds(session);
  }

  /** The request that acts on this thread, if this is its session; else null. */
  private @Nullable RequestScope caller() {
    Acting present = acting.onThisThread();
    if (present == null || !present.scope().holds(session)) {
      return null;
    }
    return present.isWithinCall() || isLast(present) ? present.scope() : null;
  }

  private boolean isLast(Acting present) {
    return scopes.entrySet().stream()
        .noneMatch(
            other -> other.getKey() != present.scope() && other.getValue() > present.arrivals());
  }
}
