package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;

/**
 * What one response says about the session cookie where clients are told the name of the node: with
 * the cookie, and again when a client comes with another node's name, whose node is gone or being
 * emptied. It costs no write and no wait: the session has been found when this is asked.
 *
 * <p>A name of its own cookie can be sent at any time. A name behind the token cannot: it sends the
 * token again, and if another node has given the session a new id meanwhile, the old one would
 * overwrite it in the client. So only the present id is sent, and only by a response that comes
 * soon after its request; else the next one tells the name.
 */
final class RoutedCookie extends ResponseCookie {
  private static final long SOON = Duration.ofSeconds(5).toNanos();

  private final SessionTracking tracking;
  private final NodeRoute route;
  private final long begun;

  /** Whether the cookie for the name is in the response. */
  private boolean told;

  /**
   * @param begun when the request came, by {@link System#nanoTime}
   */
  RoutedCookie(SessionTracking tracking, NodeRoute route, long begun) {
    super(tracking);
    this.tracking = tracking;
    this.route = route;
    this.begun = begun;
  }

  @Override
  void send(HttpServletRequest request, HttpServletResponse response, SessionToken token) {
    super.send(request, response, token);
    tell(request, response);
  }

  @Override
  void staysHere(
      HttpServletRequest request,
      HttpServletResponse response,
      Session session,
      SessionToken presented) {
    if (isInResponse() || !session.isKept() || tracking.cookie().values(request).isEmpty()) {
      return;
    }
    if (route.cookie() != null) {
      tell(request, response);
    } else if (System.nanoTime() - begun < SOON
        && session.knowsToken()
        && session.token().equals(presented)
        && !tracking.cookie().values(request).contains(tracking.value(presented))) {
      send(request, response, presented);
    }
  }

  /** Sends the cookie for the name, unless the client has it. */
  private void tell(HttpServletRequest request, HttpServletResponse response) {
    SessionCookie named = route.cookie();
    if (named != null && !response.isCommitted() && !named.values(request).contains(route.node())) {
      named.put(request, response, route.node());
      told = true;
    }
  }

  /**
   * A client without a session may go anywhere: only so does a node that takes no new ones empty.
   */
  @Override
  void expire(HttpServletRequest request, HttpServletResponse response) {
    super.expire(request, response);
    SessionCookie named = route.cookie();
    if (named != null && !response.isCommitted() && (told || !named.values(request).isEmpty())) {
      named.expire(request, response);
      told = false;
    }
  }

  @Override
  void withdraw(HttpServletResponse response) {
    SessionCookie named = route.cookie();
    if (named != null && told && !response.isCommitted()) {
      named.withdraw(response);
      told = false;
    }
    super.withdraw(response);
  }

  @Override
  void forget() {
    super.forget();
    told = false;
  }

  @Override
  void again(HttpServletRequest request, HttpServletResponse response) {
    super.again(request, response);
    if (told) {
      tell(request, response);
    }
  }

  @Override
  boolean isInResponse() {
    return told || super.isInResponse();
  }
}
