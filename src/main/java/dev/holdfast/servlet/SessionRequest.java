package dev.holdfast.servlet;

import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.session.Login;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.PushBuilder;
import java.io.IOException;
import java.security.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The request with our session in place of the container's, and with the login that our session
 * keeps.
 */
final class SessionRequest extends HttpServletRequestWrapper {
  private final HttpServletRequest container;
  private final RequestScope scope;
  private final ServletResponse response;
  private final ContainerLogins containerLogins;

  /**
   * @param response the response that saves
   */
  SessionRequest(
      HttpServletRequest container,
      RequestScope scope,
      ServletResponse response,
      ContainerLogins containerLogins) {
    super(container);
    this.container = container;
    this.scope = scope;
    this.response = response;
    this.containerLogins = containerLogins;
  }

  RequestScope scope() {
    return scope;
  }

  HttpServletRequest container() {
    return container;
  }

  HttpServletResponse containerResponse() {
    return SessionResponse.containerOf(response, scope);
  }

  @Override
  public HttpSession getSession() {
    return Objects.requireNonNull(getSession(true));
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    if (isOfAnotherApplication()) {
      return super.getSession(create);
    }
    return scope.webSession(create);
  }

  /**
   * Whether the request has been dispatched to another application of the server, which sees this
   * wrapper all the same (Tomcat puts its own inside). The container's session is then that
   * application's; if it has Holdfast, its filter has wrapped this request again.
   */
  private boolean isOfAnotherApplication() {
    ServletContext here = super.getServletContext();
    ServletContext ours = scope.application().context();
    return here != ours && here != null && !here.getContextPath().equals(ours.getContextPath());
  }

  @Override
  public String changeSessionId() {
    if (isOfAnotherApplication()) {
      return super.changeSessionId();
    }
    return scope.changeSessionId();
  }

  @Override
  public @Nullable String getRequestedSessionId() {
    return scope.requestedSessionId();
  }

  @Override
  public boolean isRequestedSessionIdValid() {
    return scope.isRequestedSessionIdValid();
  }

  @Override
  public boolean isRequestedSessionIdFromCookie() {
    return scope.isRequestedSessionIdFromCookie();
  }

  @Override
  public boolean isRequestedSessionIdFromURL() {
    return scope.isRequestedSessionIdFromUrl();
  }

  /** The former name of the method above, until Servlet 5.0; overrides it in the javax jar. */
  public boolean isRequestedSessionIdFromUrl() {
    return isRequestedSessionIdFromURL();
  }

  /** Logs in at the container, which forgets it after this request; our session keeps it. */
  @Override
  public void login(String username, String password) throws ServletException {
    Principal already = getUserPrincipal();
    if (already != null) {
      throw new ServletException(
          "login: the request already has a user; call logout first (Servlet 6.1,"
              + " HttpServletRequest.login)");
    }
    super.login(username, password);
    keepLogin(true);
  }

  @Override
  public boolean authenticate(HttpServletResponse target) throws IOException, ServletException {
    if (container.getUserPrincipal() == null && scope.logins().lasting() != null) {
      return true;
    }
    boolean authenticated = super.authenticate(target);
    if (authenticated) {
      keepLogin(false);
    }
    return authenticated;
  }

  /**
   * Keeps a login in the session; logs the user out again if they may not have one more session.
   */
  private void keepLogin(boolean createSession) throws ServletException {
    Principal principal = container.getUserPrincipal();
    if (principal == null) {
      return;
    }
    try {
      scope.logins().requirePlace(principal.getName(), createSession);
    } catch (LoginRefusedException e) {
      super.logout();
      throw new ServletException(e.getMessage(), e);
    }
    scope.logins().loggedIn(containerLogins.login(container, principal), createSession);
    containerLogins.tie(scope, container);
  }

  @Override
  public void logout() throws ServletException {
    super.logout();
    LoginTie.ended(container);
    scope.logins().loggedOut();
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    Principal principal = super.getUserPrincipal();
    if (principal != null) {
      return principal;
    }
    Login login = scope.logins().lasting();
    return login == null ? null : new SessionPrincipal(login.name());
  }

  @Override
  public @Nullable String getRemoteUser() {
    String user = super.getRemoteUser();
    if (user != null) {
      return user;
    }
    Login login = scope.logins().lasting();
    return login == null ? null : login.name();
  }

  @Override
  public @Nullable String getAuthType() {
    String type = super.getAuthType();
    if (type != null) {
      return type;
    }
    Login login = scope.logins().lasting();
    return login == null ? null : login.authType();
  }

  @Override
  public boolean isUserInRole(String role) {
    if (super.getUserPrincipal() != null) {
      return super.isUserInRole(role);
    }
    Login login = scope.logins().lasting();
    // Servlet 6.1, 13.3: "**" is any authenticated user, "*" is nobody.
    return login != null && (login.roles().contains(role) || role.equals("**"));
  }

  /** The container's own method would hand out its unwrapped request. */
  @Override
  public AsyncContext startAsync() {
    return startAsync(this, response);
  }

  /** What the application has not wrapped is the original (Servlet 6.1, AsyncContext). */
  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse target) {
    ServletResponse saving = SessionResponse.around(target, scope);
    boolean withOurs = request instanceof SessionRequest && saving instanceof SessionResponse;
    return SavingAsyncContext.started(super.startAsync(request, saving), scope, withOurs);
  }

  @Override
  public AsyncContext getAsyncContext() {
    return SavingAsyncContext.of(super.getAsyncContext(), scope);
  }

  @Override
  @SuppressWarnings("deprecation") // as of Servlet 6.1; containers of 6.0 have it
  public @Nullable PushBuilder newPushBuilder() {
    PushBuilder builder = super.newPushBuilder();
    return builder == null ? null : new SessionPushBuilder(builder, scope);
  }

  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass)
      throws IOException, ServletException {
    scope.save();
    return super.upgrade(handlerClass);
  }
}
