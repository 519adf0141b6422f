package dev.holdfast.servlet;

import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.container.ContainerAuthentication;
import dev.holdfast.container.ContainerSessions;
import dev.holdfast.container.EarlyUser;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionManager;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Users whom the container keeps in a session of its own, as FORM login does, before any filter
 * runs.
 *
 * <p>The first request of such a user ties the container's session to ours ({@link LoginTie}). The
 * tie is checked in the filter on every container, and before the container's authenticator runs
 * where {@link ContainerAuthentication} has a way.
 */
final class ContainerLogins implements EarlyUser {
  /** With these methods the login comes with every request, so no session keeps it. */
  private static final Set<String> SENT_EACH_TIME =
      Set.of(
          HttpServletRequest.BASIC_AUTH,
          HttpServletRequest.DIGEST_AUTH,
          HttpServletRequest.CLIENT_CERT_AUTH,
          "CLIENT-CERT");

  private final WebApplication application;
  private final Set<String> knownRoles;
  private final String scopeAttribute;
  private final boolean askedEarly;
  private volatile @Nullable Consumer<HttpServletRequest> first;

  /**
   * @param knownRoles the roles that a session may keep
   * @param scopeAttribute name of the attribute that holds a request's scope
   */
  ContainerLogins(WebApplication application, Set<String> knownRoles, String scopeAttribute) {
    this.application = application;
    this.knownRoles = knownRoles;
    this.scopeAttribute = scopeAttribute;
    this.askedEarly = ContainerAuthentication.ask(this, application.context());
  }

  /** Has {@code first} see each request that the container's authenticator will look at. */
  void showFirst(Consumer<HttpServletRequest> first) {
    this.first = first;
  }

  /** Whether the login of our session counts before the container asks who the user is. */
  boolean isAskedEarly() {
    return askedEarly;
  }

  /** Whether the request brings its login along, so that no session has to keep it. */
  static boolean isSentEachTime(HttpServletRequest request) {
    String type = String.valueOf(request.getAuthType());
    return SENT_EACH_TIME.contains(type)
        && (request.getHeader("Authorization") != null || type.startsWith("CLIENT"));
  }

  /** The line of the start-up report. */
  String describe() {
    if (!application.tracking().useCookie()) {
      return "FORM login: needs cookies, which <tracking-mode> rules out; a login by request.login()"
          + " is kept in the session";
    }
    return askedEarly
        ? "FORM login: kept in the session, for pages under a <security-constraint> too"
        : "FORM login: kept in the session; this container asks again on another node for pages"
            + " under a <security-constraint>";
  }

  @Override
  public void verify(HttpServletRequest request) {
    Consumer<HttpServletRequest> shown = first;
    if (shown != null && !isInside(request)) {
      shown.accept(request);
    }
    HttpSession own = isInside(request) ? null : request.getSession(false);
    String tie = own == null ? null : LoginTie.of(own);
    if (own == null || tie == null) {
      return;
    }
    Session found = early(request);
    if (found == null || !tie.equals(LoginTie.to(found))) {
      ContainerSessions.invalidate(own);
    }
  }

  @Override
  public @Nullable Login of(HttpServletRequest request) {
    Session found = isInside(request) ? null : early(request);
    Login login = found == null ? null : found.login();
    return login != null && login.lasting() ? login : null;
  }

  @Override
  public String unavailable(SessionStoreUnavailableException reason) {
    return application.refused().unavailable(reason);
  }

  /** Whether the filter has seen the request; then its scope knows the session. */
  private boolean isInside(HttpServletRequest request) {
    return request.getAttribute(scopeAttribute) != null;
  }

  /** The session that the client asks for, not held. */
  private @Nullable Session early(HttpServletRequest request) {
    SessionToken token = RequestedId.read(application.tracking(), request).onlyToken();
    if (token == null) {
      return null;
    }
    SessionManager manager = application.manager();
    EarlyJoin known = EarlyJoin.of(request, manager);
    if (known == null || !known.token().equals(token)) {
      known = new EarlyJoin(manager, token, manager.join(token, false));
      known.keepIn(request);
      Session held = known.join().session();
      if (held != null) {
        manager.release(held, false);
      }
    }
    return known.join().session();
  }

  /**
   * Called when the request has reached the filter: ends a login whose session has ended, and takes
   * up a new one.
   *
   * @return whether the container has sent the response, to ask who the user is
   * @throws SessionStoreUnavailableException when it cannot be told whether the login still holds
   */
  boolean arrived(RequestScope scope, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    if (request.getDispatcherType() == DispatcherType.ERROR) {
      return false;
    }
    if (EarlyJoin.of(request, application.manager()) != null) {
      // Joins now, while the store's answer is fresh.
      Session unused = scope.session(false);
    }
    HttpSession own = request.getSession(false);
    if (own == null) {
      return false;
    }
    if (ContainerSessions.hasEnded(own)) {
      // The container may have let its user in before; a logout of another request has come since,
      // or a takeover, after which our session has the login.
      Session here = scope.session(false);
      Login login = here == null ? null : here.login();
      Principal known = request.getUserPrincipal();
      boolean holds = known == null || (login != null && login.name().equals(known.getName()));
      return !holds && challenged(request, response);
    }
    String tie = LoginTie.of(own);
    Session session = tie == null ? null : scope.session(false);
    if (tie != null && (session == null || !tie.equals(LoginTie.to(session)))) {
      ContainerSessions.invalidate(own);
      return challenged(request, response);
    }
    // Jetty finds the user of an unconstrained page at the first call, in the session that the
    // request has then: it has to be the container's.
    Principal user = request.getUserPrincipal();
    if (user != null
        && !SENT_EACH_TIME.contains(String.valueOf(request.getAuthType()))
        && (session == null || !LoginTie.to(session, user).equals(tie))) {
      adopt(scope, request, own, user);
    }
    return false;
  }

  /**
   * Called when the container has let in a user whose login has ended; answers whether it now asks
   * who the user is.
   */
  private boolean challenged(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    if (request.getUserPrincipal() == null) {
      return false;
    }
    request.logout();
    return !request.authenticate(response);
  }

  private void adopt(
      RequestScope scope, HttpServletRequest request, HttpSession own, Principal user)
      throws ServletException {
    try {
      scope.logins().requirePlace(user.getName(), true);
    } catch (LoginRefusedException e) {
      request.logout();
      ContainerSessions.invalidate(own);
      throw new ServletException(e.getMessage(), e);
    }
    scope.logins().loggedIn(login(request, user), true);
    tie(scope, request);
  }

  /** The login of a user whom the container names, with those roles that the application knows. */
  Login login(HttpServletRequest request, Principal user) {
    Predicate<String> has = request::isUserInRole;
    Set<String> roles = Set.copyOf(knownRoles.stream().filter(has).toList());
    return new Login(user.getName(), request.getAuthType(), roles, true);
  }

  /** Ties the container's session, if there is one, to ours, if somebody is logged in to it. */
  void tie(RequestScope scope, HttpServletRequest request) {
    HttpSession own = request.getSession(false);
    Session session = own == null ? null : scope.session(false);
    String tie = session == null ? null : LoginTie.to(session);
    if (own != null && tie != null) {
      LoginTie.keepIn(own, tie);
    }
  }
}
