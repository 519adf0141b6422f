package dev.holdfast.servlet;

import dev.holdfast.container.ContainerSessions;
import dev.holdfast.session.Login;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * A request that came with a token of ours, whose session has just become the container's. The
 * container has looked for session and user before that.
 */
final class HandedSession extends HttpServletRequestWrapper {
  private final HttpSession session;
  private final @Nullable Login login;

  /**
   * @param session the container's
   * @param login who is logged in to it, or null
   */
  HandedSession(HttpServletRequest request, HttpSession session, @Nullable Login login) {
    super(request);
    this.session = session;
    this.login = login;
  }

  @Override
  public HttpSession getSession() {
    HttpSession found = getSession(false);
    return found == null ? super.getSession() : found;
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    HttpSession own = super.getSession(false);
    if (own != null) {
      return own;
    }
    return ContainerSessions.hasEnded(session) ? super.getSession(create) : session;
  }

  private @Nullable Login login() {
    return super.getUserPrincipal() != null || ContainerSessions.hasEnded(session) ? null : login;
  }

  @Override
  public @Nullable Principal getUserPrincipal() {
    Login kept = login();
    return kept == null ? super.getUserPrincipal() : new SessionPrincipal(kept.name());
  }

  @Override
  public @Nullable String getRemoteUser() {
    Login kept = login();
    return kept == null ? super.getRemoteUser() : kept.name();
  }

  @Override
  public @Nullable String getAuthType() {
    Login kept = login();
    return kept == null ? super.getAuthType() : kept.authType();
  }

  @Override
  public boolean isUserInRole(String role) {
    Login kept = login();
    return kept == null
        ? super.isUserInRole(role)
        : kept.roles().contains(role) || role.equals("**");
  }
}
