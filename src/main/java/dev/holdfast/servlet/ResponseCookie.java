package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** What one response says about the session cookie; exactly one of it, whatever happens. */
final class ResponseCookie {
  private final SessionTracking tracking;
  private @Nullable SessionToken sent;
  private boolean expired;

  /** Whether the cookie in the response has not been kept from caches yet. */
  private boolean cacheable;

  ResponseCookie(SessionTracking tracking) {
    this.tracking = tracking;
  }

  /** Gives the client {@code token}, unless the response is already on its way. */
  void send(HttpServletRequest request, HttpServletResponse response, SessionToken token) {
    if (tracking.useCookie() && !response.isCommitted()) {
      tracking.cookie().send(request, response, token);
      sent = token;
      expired = false;
      cacheable = true;
    }
  }

  /** Makes the client forget its cookie, unless the response is already on its way. */
  void expire(HttpServletRequest request, HttpServletResponse response) {
    if (tracking.useCookie() && !response.isCommitted()) {
      tracking.cookie().expire(request, response);
      sent = null;
      expired = true;
      cacheable = true;
    }
  }

  /** Takes back a cookie whose session has turned out to be gone. */
  void withdraw(HttpServletResponse response) {
    if (sent != null && !response.isCommitted()) {
      tracking.cookie().withdraw(response);
      forget();
    }
  }

  /** The response was cleared and is no longer about this session. */
  void forget() {
    sent = null;
    expired = false;
    cacheable = false;
  }

  /** The application has cleared or replaced the headers; the cookie is still due. */
  void again(HttpServletRequest request, HttpServletResponse response) {
    SessionToken token = sent;
    if (token != null) {
      send(request, response, token);
    } else if (expired) {
      expire(request, response);
    }
  }

  boolean isCacheable() {
    return cacheable;
  }

  /** ASVS 14.3.2: a shared cache must not hand one user's cookie to another. */
  void keepOutOfCaches(HttpServletResponse response) {
    if (!cacheable || response.isCommitted()) {
      return;
    }
    cacheable = false;
    for (String header : response.getHeaders("Cache-Control")) {
      if (header.contains("no-store")) {
        return;
      }
    }
    response.setHeader("Cache-Control", "no-store");
  }
}
