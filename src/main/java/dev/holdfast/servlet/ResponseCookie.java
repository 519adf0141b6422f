package dev.holdfast.servlet;

import dev.holdfast.container.JettyResponses;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Keeps what one response says about the session cookie: never more than one thing. */
class ResponseCookie {
  private static final String CACHE_CONTROL = "Cache-Control";
  private static final String NO_STORE = "no-store";

  private final SessionTracking tracking;
  private @Nullable SessionToken sent;
  private boolean expired;
  private boolean errorSent;

  ResponseCookie(SessionTracking tracking) {
    this.tracking = tracking;
  }

  /** For one response; where the nodes have names for a balancer, one that tells them. */
  static ResponseCookie of(SessionTracking tracking) {
    NodeRoute route = tracking.route();
    return route == null
        ? new ResponseCookie(tracking)
        : new RoutedCookie(tracking, route, System.nanoTime());
  }

  /** Gives the client {@code token}, unless the response is already on its way. */
  void send(HttpServletRequest request, HttpServletResponse response, SessionToken token) {
    if (tracking.useCookie() && !response.isCommitted()) {
      tracking.cookie().send(request, response, tracking.value(token));
      sent = token;
      expired = false;
    }
  }

  /**
   * Called when the client has what leads to the session, which this node has found and saved.
   *
   * @param presented what the client sent
   */
  void staysHere(
      HttpServletRequest request,
      HttpServletResponse response,
      Session session,
      SessionToken presented) {}

  /** Makes the client forget its cookie, unless the response is already on its way. */
  void expire(HttpServletRequest request, HttpServletResponse response) {
    if (tracking.useCookie() && !response.isCommitted()) {
      tracking.cookie().expire(request, response);
      sent = null;
      expired = true;
    }
  }

  /** Takes back a cookie whose session has turned out to be gone. */
  void withdraw(HttpServletResponse response) {
    if (sent != null && !response.isCommitted()) {
      tracking.cookie().withdraw(response);
      forget();
    }
  }

  /** Called when the response was cleared and is no longer about this session. */
  void forget() {
    sent = null;
    expired = false;
  }

  /**
   * Sets the cookie again if it is due, because the application has cleared or replaced the
   * headers.
   */
  void again(HttpServletRequest request, HttpServletResponse response) {
    SessionToken token = sent;
    if (token != null) {
      send(request, response, token);
    } else if (expired) {
      expire(request, response);
    }
  }

  boolean isInResponse() {
    return sent != null || expired;
  }

  /**
   * ASVS 14.3.2: a shared cache must not hand one user's cookie to another. Looks at the headers
   * each time, because the application and the container may set theirs in any order.
   */
  void keepOutOfCaches(HttpServletResponse response) {
    if (!isInResponse() || response.isCommitted()) {
      return;
    }
    for (String name : List.copyOf(response.getHeaderNames())) {
      if (isForCaches(name) && !forbidsStoring(response, name)) {
        JettyResponses.set(response, name, NO_STORE);
      }
    }
    if (!forbidsStoring(response, CACHE_CONTROL)) {
      JettyResponses.set(response, CACHE_CONTROL, NO_STORE);
    }
  }

  /** Whether the application may not set this header any more: the next look would be too late. */
  boolean forbids(String header) {
    return errorSent && isInResponse() && isForCaches(header);
  }

  /**
   * Called when the application has sent an error. Jetty then says that the response is committed,
   * but takes headers until it has made the page.
   */
  void errorIsSent() {
    errorSent = true;
  }

  /**
   * Called when a dispatch begins, perhaps that of an error page, whose headers are looked at in
   * their turn.
   */
  void dispatchBegins() {
    errorSent = false;
  }

  /** RFC 9213: a cache that knows a field of its own ignores Cache-Control. */
  private static boolean isForCaches(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("cache-control")
        || lower.endsWith("-cache-control")
        || lower.equals("surrogate-control");
  }

  /** Whether one of the directives is no-store, and not only the value of another one. */
  private static boolean forbidsStoring(HttpServletResponse response, String name) {
    for (String field : response.getHeaders(name)) {
      for (String directive : field.replaceAll("\"[^\"]*\"", "").split(",", -1)) {
        if (directive.strip().equalsIgnoreCase(NO_STORE)) {
          return true;
        }
      }
    }
    return false;
  }
}
