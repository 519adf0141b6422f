package dev.holdfast.container;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.session.Login;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat 10.1 and 11 call request listeners before the authenticator. The authenticator accepts a
 * request that already has a principal.
 */
final class TomcatAuthentication implements ServletRequestListener {
  /** What FORM login posts to (Servlet 6.1, 13.6.3). */
  private static final String LOGIN = "/j_security_check";

  private final EarlyUser user;

  /**
   * The realm's method that finds the constraints of a request. Kept, because to look for it costs
   * an object for each method of the realm, and it is asked with every request.
   */
  private volatile @Nullable Method constraints;

  TomcatAuthentication(EarlyUser user) {
    this.user = user;
  }

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    if (!(event.getServletRequest() instanceof HttpServletRequest facade)) {
      return;
    }
    try {
      Object request = Reflection.field(facade, "request");
      if (facade.getRequestURI().endsWith(LOGIN)) {
        // No user is set here: a request that has one would not be asked for the password.
        user.verify(facade);
      } else if (isConstrained(request)) {
        ask(request, facade);
      }
    } catch (ReflectiveOperationException e) {
      // Tomcat aborts a request whose listener throws, so nobody is let in.
      throw new IllegalStateException(
          "The principal of a request cannot be set on this version of Tomcat: " + e, e);
    }
  }

  private void ask(Object request, HttpServletRequest facade) throws ReflectiveOperationException {
    try {
      user.verify(facade);
      Login login = hasUser(request, facade) ? null : user.of(facade);
      if (login != null) {
        logIn(request, login);
      }
    } catch (SessionStoreUnavailableException e) {
      // Tomcat calls no valve of the application after an error, so nobody is let in or asked.
      HttpServletResponse response =
          (HttpServletResponse)
              Reflection.call(Reflection.call(request, "getResponse"), "getResponse");
      response.setHeader("Retry-After", user.unavailable(e));
      refuse(response);
    }
  }

  private static void refuse(HttpServletResponse response) {
    try {
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isConstrained(Object request) throws ReflectiveOperationException {
    Object context = Reflection.call(request, "getContext");
    Object realm = Reflection.call(context, "getRealm");
    Method known = constraints;
    if (known == null || !known.getDeclaringClass().isInstance(realm)) {
      known = constraints(realm);
      constraints = known;
    }
    return known.invoke(realm, request, context) != null;
  }

  private static Method constraints(Object realm) throws NoSuchMethodException {
    for (Method method : realm.getClass().getMethods()) {
      if (method.getName().equals("findSecurityConstraints")) {
        return method;
      }
    }
    throw new NoSuchMethodException("findSecurityConstraints");
  }

  private static boolean hasUser(Object request, HttpServletRequest facade)
      throws ReflectiveOperationException {
    if (facade.getSession(false) == null) {
      return false;
    }
    Object session =
        request.getClass().getMethod("getSessionInternal", boolean.class).invoke(request, false);
    return session != null && session.getClass().getMethod("getPrincipal").invoke(session) != null;
  }

  /** Logs the user in to Tomcat's session too, as its authenticators do. */
  static void logIn(HttpServletRequest facade, HttpSession session, Login login)
      throws ReflectiveOperationException {
    Object request = Reflection.field(facade, "request");
    Object standard = Reflection.field(session, "session");
    logIn(request, login);
    standard.getClass().getMethod("setAuthType", String.class).invoke(standard, login.authType());
    standard
        .getClass()
        .getMethod("setPrincipal", Principal.class)
        .invoke(standard, Reflection.call(request, "getUserPrincipal"));
  }

  private static void logIn(Object request, Login login) throws ReflectiveOperationException {
    Class<?> type =
        request.getClass().getClassLoader().loadClass("org.apache.catalina.realm.GenericPrincipal");
    List<String> roles = new ArrayList<>(login.roles());
    Object principal = principal(type, login.name(), roles);
    request.getClass().getMethod("setAuthType", String.class).invoke(request, login.authType());
    request.getClass().getMethod("setUserPrincipal", Principal.class).invoke(request, principal);
  }

  private static Object principal(Class<?> type, String name, List<String> roles)
      throws ReflectiveOperationException {
    try {
      return type.getConstructor(String.class, List.class).newInstance(name, roles);
    } catch (NoSuchMethodException e) {
      // Tomcat 9 has one that takes the password too, which it does not need.
      return type.getConstructor(String.class, String.class, List.class)
          .newInstance(name, null, roles);
    }
  }
}
