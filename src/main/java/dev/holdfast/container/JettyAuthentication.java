package dev.holdfast.container;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.session.Login;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Objects;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Jetty 12 runs its security handler before any listener of requests. So this proxy takes the place
 * of Jetty's authenticator, asks the {@link EarlyUser} first, and leaves the rest to the old one.
 * Jetty calls it for constrained pages only.
 */
final class JettyAuthentication implements InvocationHandler {
  private static final String AUTHENTICATION = "org.eclipse.jetty.security.";

  /** What FORM login posts to (Servlet 6.1, 13.6.3). */
  static final String LOGIN = "/j_security_check";

  /** The field of Jetty's security handler that holds its authenticator. */
  static final String AUTHENTICATOR = "_authenticator";

  /** The attribute of Jetty's session that holds the login. */
  private static final String USER = "org.eclipse.jetty.security.UserIdentity";

  private final Object security;
  private final Object authenticator;
  private final EarlyUser user;

  private JettyAuthentication(Object security, Object authenticator, EarlyUser user) {
    this.security = security;
    this.authenticator = authenticator;
    this.user = user;
  }

  /**
   * Takes the place of the authenticator by reflection: once it is started, Jetty has no setter for
   * that.
   */
  static void install(ServletContext context, EarlyUser user) throws ReflectiveOperationException {
    Object handler = Reflection.call(context, "getContextHandler");
    Object security = Reflection.call(handler, "getSecurityHandler");
    Object authenticator = Reflection.call(security, "getAuthenticator");
    ClassLoader server = authenticator.getClass().getClassLoader();
    Object proxy =
        Proxy.newProxyInstance(
            server,
            new Class<?>[] {server.loadClass(AUTHENTICATION + "Authenticator")},
            new JettyAuthentication(security, authenticator, user));
    Reflection.set(security, AUTHENTICATOR, proxy);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("validateRequest") && arguments != null) {
      HttpServletRequest request = servletRequest(arguments[0]);
      if (request != null && !request.getRequestURI().endsWith(LOGIN)) {
        try {
          user.verify(request);
          Login login = hasUser(request) ? null : user.of(request);
          if (login != null) {
            return state(login);
          }
        } catch (SessionStoreUnavailableException e) {
          return refused(arguments, user.unavailable(e));
        }
      }
    }
    if (method.getName().equals("prepareRequest") && arguments != null) {
      HttpServletRequest request = servletRequest(arguments[0]);
      if (request != null && request.getSession(false) == null) {
        // Jetty's FormAuthenticator looks into a session without checking that there is one.
        return arguments[0];
      }
    }
    try {
      return method.invoke(authenticator, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /**
   * Answers 503.
   *
   * @param exchange Jetty's request, response and callback
   */
  private Object refused(@Nullable Object[] exchange, String retryAfter)
      throws ReflectiveOperationException {
    ClassLoader server = authenticator.getClass().getClassLoader();
    Class<?> request = server.loadClass("org.eclipse.jetty.server.Request");
    Class<?> response = server.loadClass("org.eclipse.jetty.server.Response");
    Object headers = response.getMethod("getHeaders").invoke(exchange[1]);
    server
        .loadClass("org.eclipse.jetty.http.HttpFields$Mutable")
        .getMethod("put", String.class, String.class)
        .invoke(headers, "Retry-After", retryAfter);
    response
        .getMethod(
            "writeError",
            request,
            response,
            server.loadClass("org.eclipse.jetty.util.Callback"),
            int.class)
        .invoke(
            null,
            exchange[0],
            exchange[1],
            exchange[2],
            HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    Class<?> states = server.loadClass(AUTHENTICATION + "AuthenticationState");
    return Objects.requireNonNull(states.getField("SEND_FAILURE").get(null));
  }

  /** The Servlet API's request, which one of the wrapped requests of Jetty's core has. */
  private static @Nullable HttpServletRequest servletRequest(Object core)
      throws ReflectiveOperationException {
    Object current = core;
    while (true) {
      for (Method method : current.getClass().getMethods()) {
        if (method.getName().equals("getServletApiRequest")) {
          return (HttpServletRequest) Reflection.call(current, "getServletApiRequest");
        }
      }
      try {
        current = Reflection.call(current, "getWrapped");
      } catch (NoSuchMethodException e) {
        return null;
      }
    }
  }

  /** Whether Jetty's own session of this node has a login. */
  static boolean hasUser(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    try {
      return session != null && session.getAttribute(USER) != null;
    } catch (IllegalStateException e) {
      // Another request has ended it meanwhile.
      return false;
    }
  }

  /** Logs the user in to Jetty's session, as its FORM login does. */
  static void logIn(HttpSession session, Login login) throws ReflectiveOperationException {
    Object handler = Reflection.call(session.getServletContext(), "getContextHandler");
    Object security = Reflection.call(handler, "getSecurityHandler");
    ClassLoader server = security.getClass().getClassLoader();
    // Of ee8 in a package of its own, where the authenticator is.
    String authenticators = Reflection.type(security, AUTHENTICATOR).getPackageName();
    Object user =
        server
            .loadClass(authenticators + ".authentication.SessionAuthentication")
            .getConstructor(
                String.class, server.loadClass(AUTHENTICATION + "UserIdentity"), Object.class)
            .newInstance(login.authType(), identity(security, login), "");
    // Past the session itself: the application's listeners are not told.
    Object data = Reflection.call(Reflection.call(session, "getSession"), "getSessionData");
    data.getClass().getMethod("setAttribute", String.class, Object.class).invoke(data, USER, user);
  }

  private Object state(Login login) throws ReflectiveOperationException {
    ClassLoader server = authenticator.getClass().getClassLoader();
    return server
        .loadClass(AUTHENTICATION + "authentication.LoginAuthenticator$UserAuthenticationSucceeded")
        .getConstructor(String.class, server.loadClass(AUTHENTICATION + "UserIdentity"))
        .newInstance(login.authType(), identity(security, login));
  }

  /** A {@code UserIdentity} of Jetty's. */
  static Object identity(Object security, Login login) throws ReflectiveOperationException {
    Object identities = Reflection.call(security, "getIdentityService");
    ClassLoader server = security.getClass().getClassLoader();
    Principal principal = new JettyPrincipal(login.name());
    Subject subject = new Subject();
    subject.getPrincipals().add(principal);
    subject.setReadOnly();
    return Objects.requireNonNull(
        server
            .loadClass(AUTHENTICATION + "IdentityService")
            .getMethod("newUserIdentity", Subject.class, Principal.class, String[].class)
            .invoke(identities, subject, principal, login.roles().toArray(String[]::new)));
  }

  private record JettyPrincipal(String name) implements Principal {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
