package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Join;
import dev.holdfast.session.SessionManager;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the store said of a request's session before the container's authenticator saw the request:
 * the filter need not ask again.
 *
 * @param manager that of the application, of which the server's other applications may share this
 *     class: one that the request is dispatched to has sessions of its own
 * @param token that the client sent
 * @param join what it led to; the session in it is not held any more
 */
record EarlyJoin(SessionManager manager, SessionToken token, Join join) {
  private static final String ATTRIBUTE = EarlyJoin.class.getName();

  /** The early join of the request; null when nobody has asked this application's store early. */
  static @Nullable EarlyJoin of(HttpServletRequest request, SessionManager manager) {
    // Another application of the server may have a class of this name, too.
    return request.getAttribute(ATTRIBUTE) instanceof EarlyJoin early && early.manager == manager
        ? early
        : null;
  }

  /** Takes the early join from the request; a second call finds none. */
  static @Nullable EarlyJoin take(HttpServletRequest request, SessionManager manager) {
    EarlyJoin early = of(request, manager);
    if (early != null) {
      request.removeAttribute(ATTRIBUTE);
    }
    return early;
  }

  void keepIn(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }
}
