package dev.holdfast.servlet;

import dev.holdfast.container.ContainerSessions;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * What ties a session of the container to ours: an attribute of the container's session names our
 * session and the user. From then on the two live and die together.
 */
final class LoginTie {
  /** Its value: locator of our session, a blank, the user's name. */
  private static final String ATTRIBUTE = ContainerSessions.TIE;

  private LoginTie() {}

  /** The tie of this session of the container; null when it has none. */
  static @Nullable String of(HttpSession own) {
    try {
      return own.getAttribute(ATTRIBUTE) instanceof String tie ? tie : null;
    } catch (IllegalStateException e) {
      // Another request has ended it meanwhile.
      return null;
    }
  }

  /** The tie of a session of the container to this one; null while nobody is logged in to it. */
  static @Nullable String to(Session session) {
    Login login = session.login();
    return login == null || login.isByAttribute() ? null : session.locator() + ' ' + login.name();
  }

  /** The tie of a session of the container to this one once {@code user} is logged in to it. */
  static String to(Session session, Principal user) {
    return session.locator() + ' ' + user.getName();
  }

  /** The container's session lives on without ours. */
  static void removeFrom(HttpSession own) {
    own.removeAttribute(ATTRIBUTE);
  }

  /** Ties the container's session. */
  static void keepIn(HttpSession own, String tie) {
    try {
      own.setAttribute(ATTRIBUTE, tie);
    } catch (IllegalStateException e) {
      // Another request has ended it meanwhile.
    }
  }

  /** Ends the container's session if it is tied to ours, which has ended or lost its login. */
  static void ended(HttpServletRequest request) {
    HttpSession own = request.getSession(false);
    if (own != null && of(own) != null) {
      ContainerSessions.invalidate(own);
    }
  }
}
