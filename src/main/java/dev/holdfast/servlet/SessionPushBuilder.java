package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.PushBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets a pushed request have the session of the request that pushes: what is pending is stored
 * first, since the pushed one may be under way on another thread before this response has begun,
 * and it carries the token that is then valid, even that of a session that the client does not know
 * yet.
 *
 * <p>The application sees the public id, as from {@link jakarta.servlet.http.HttpSession#getId}.
 * The cookie is written here: Jetty takes a cookie without Max-Age that the response sets for one
 * that it deletes.
 */
@SuppressWarnings("deprecation") // as of Servlet 6.1; containers of 6.0 have it
final class SessionPushBuilder implements PushBuilder {
  private static final String COOKIE = "Cookie";

  private final PushBuilder container;
  private final RequestScope scope;
  private @Nullable String foreignId;

  SessionPushBuilder(PushBuilder container, RequestScope scope) {
    this.container = container;
    this.scope = scope;
  }

  @Override
  public void push() {
    SessionToken token = foreignId == null ? scope.storedToken() : null;
    if (token != null) {
      SessionTracking tracking = scope.application().tracking();
      String cookie = tracking.sentBack(token);
      if (cookie == null || scope.isRequestedSessionIdFromUrl()) {
        container.sessionId(tracking.value(token));
      }
      if (cookie != null) {
        container.setHeader(COOKIE, withCookie(container.getHeader(COOKIE), cookie));
      }
    }
    container.push();
  }

  /** The header with this cookie in place of others of its name. */
  private static String withCookie(@Nullable String header, String cookie) {
    String name = cookie.substring(0, cookie.indexOf('=') + 1);
    List<String> cookies = new ArrayList<>();
    if (header != null) {
      for (String other : header.split(";", -1)) {
        if (!other.isBlank() && !other.strip().startsWith(name)) {
          cookies.add(other.strip());
        }
      }
    }
    cookies.add(cookie);
    return String.join("; ", cookies);
  }

  /**
   * Passes on another session's id as it is; this one's is known better here than to the container.
   */
  @Override
  public PushBuilder sessionId(String sessionId) {
    boolean own = sessionId.equals(scope.requestedOrCurrentId());
    foreignId = own ? null : sessionId;
    if (!own) {
      container.sessionId(sessionId);
    }
    return this;
  }

  @Override
  public @Nullable String getSessionId() {
    return foreignId == null ? scope.requestedOrCurrentId() : foreignId;
  }

  @Override
  public PushBuilder method(String method) {
    container.method(method);
    return this;
  }

  @Override
  public PushBuilder queryString(String queryString) {
    container.queryString(queryString);
    return this;
  }

  @Override
  public PushBuilder setHeader(String name, String value) {
    container.setHeader(name, value);
    return this;
  }

  @Override
  public PushBuilder addHeader(String name, String value) {
    container.addHeader(name, value);
    return this;
  }

  @Override
  public PushBuilder removeHeader(String name) {
    container.removeHeader(name);
    return this;
  }

  @Override
  public PushBuilder path(String path) {
    container.path(path);
    return this;
  }

  @Override
  public String getMethod() {
    return container.getMethod();
  }

  @Override
  public String getQueryString() {
    return container.getQueryString();
  }

  @Override
  public Set<String> getHeaderNames() {
    return container.getHeaderNames();
  }

  @Override
  public String getHeader(String name) {
    return container.getHeader(name);
  }

  @Override
  public String getPath() {
    return container.getPath();
  }
}
