package dev.holdfast.servlet;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who logs in and out in one request at the container, and what the session keeps of that. Guarded
 * by the monitor of the request's {@link RequestScope}.
 */
final class RequestLogins {
  private final RequestScope scope;
  private final WebApplication application;
  private final Refusal refusal;

  /** Names of attributes that this request has set; kept with {@code rotate.mode=fresh} only. */
  private final Set<String> set = new HashSet<>();

  private @Nullable Login beforeSession;

  RequestLogins(RequestScope scope, WebApplication application, Refusal refusal) {
    this.scope = scope;
    this.application = application;
    this.refusal = refusal;
  }

  /** Notes that the application sets this attribute. */
  void sets(String name) {
    synchronized (scope) {
      set.add(name);
    }
  }

  /**
   * Takes a place before a login is kept, where the number of a user's sessions is limited.
   *
   * @throws dev.holdfast.api.LoginRefusedException when there is none
   */
  void requirePlace(String user, boolean createSession) {
    synchronized (scope) {
      Session current = session(createSession);
      try {
        if (current != null) {
          application.manager().requirePlace(current, user);
        }
      } catch (SessionStoreUnavailableException e) {
        throw refusal.because(e);
      }
    }
  }

  /**
   * Remembers a login that the container has just confirmed and gives the session a new id (ASVS
   * 7.2.4).
   */
  void loggedIn(Login login, boolean createSession) {
    synchronized (scope) {
      Session current = session(createSession);
      if (current == null) {
        beforeSession = login;
        return;
      }
      Login known = current.login();
      if (!login.equals(known)) {
        boolean another = known == null || !known.name().equals(login.name());
        scope.privilegesChange(current, "the container's user", another);
        if (current.isValid()) {
          current.login(login);
          scope.reviewNames();
        }
      }
    }
  }

  private @Nullable Session session(boolean create) {
    return scope.session(create && scope.canSendCookie());
  }

  void loggedOut() {
    synchronized (scope) {
      beforeSession = null;
      Session current = scope.session(false);
      Login known = current == null ? null : current.login();
      if (current != null && known != null && !known.isByAttribute()) {
        current.login(null);
        application.logins().reconsider(current);
        scope.reviewNames();
      }
    }
  }

  /** The login that the session keeps for later requests, or null. */
  @Nullable Login lasting() {
    synchronized (scope) {
      Session current = scope.sessionIfAny();
      Login login = current == null ? null : current.login();
      return login != null && login.lasting() ? login : null;
    }
  }

  /** Called when a session is made: logs in to it whoever logged in before there was one. */
  void begin(Session made) {
    Login before = beforeSession;
    if (before != null) {
      made.login(before);
    }
  }

  /**
   * Notices a user whom the container names and the session does not know yet: the id changes with
   * the privileges.
   */
  void noticeUser(Session current, HttpServletRequest request) {
    String user = application.logins().isOn() ? request.getRemoteUser() : null;
    if (user == null) {
      return;
    }
    Login known = current.login();
    if (known == null || known.isByAttribute() || !known.name().equals(user)) {
      loggedIn(new Login(user, request.getAuthType(), Set.of(), false), false);
    }
  }

  /**
   * With {@code rotate.mode=fresh}, removes what an attacker may have put into the session.
   *
   * @param created whether this request has made the session
   */
  void startFresh(Session target, boolean created) {
    LoginWatch watch = application.logins();
    if (!watch.startsFresh() || created) {
      return;
    }
    for (String name : target.attributeNames()) {
      if (!set.contains(name) && !watch.survives(name)) {
        target.removeAttribute(name);
      }
    }
  }
}
