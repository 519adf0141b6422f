package dev.holdfast.container;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.session.Login;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@link JettyAuthentication} for Jetty 12 with ee8, whose authenticators are those of Jetty 10 and
 * older: they get the Servlet API's request and response, also those of pages without a constraint,
 * and say so.
 */
final class OlderJettyAuthentication implements InvocationHandler {
  private final Object security;
  private final Object authenticator;
  private final Class<?> type;
  private final EarlyUser user;

  private OlderJettyAuthentication(
      Object security, Object authenticator, Class<?> type, EarlyUser user) {
    this.security = security;
    this.authenticator = authenticator;
    this.type = type;
    this.user = user;
  }

  static void install(ServletContext context, EarlyUser user) throws ReflectiveOperationException {
    Object handler = Reflection.call(context, "getContextHandler");
    Object security = Reflection.call(handler, "getSecurityHandler");
    Object authenticator = Reflection.call(security, "getAuthenticator");
    Class<?> type = Reflection.type(security, JettyAuthentication.AUTHENTICATOR);
    type.getMethod("validateRequest", ServletRequest.class, ServletResponse.class, boolean.class);
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            new OlderJettyAuthentication(security, authenticator, type, user));
    Reflection.set(security, JettyAuthentication.AUTHENTICATOR, proxy);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("validateRequest")
        && arguments != null
        && Boolean.TRUE.equals(arguments[2])
        && arguments[0] instanceof HttpServletRequest request
        && !request.getRequestURI().endsWith(JettyAuthentication.LOGIN)) {
      try {
        user.verify(request);
        Login login = JettyAuthentication.hasUser(request) ? null : user.of(request);
        if (login != null) {
          return authentication(login);
        }
      } catch (SessionStoreUnavailableException e) {
        refuse((HttpServletResponse) arguments[1], user.unavailable(e));
        return Objects.requireNonNull(method.getReturnType().getField("SEND_FAILURE").get(null));
      }
    }
    try {
      return method.invoke(authenticator, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void refuse(HttpServletResponse response, String retryAfter) throws IOException {
    response.setHeader("Retry-After", retryAfter);
    response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
  }

  private Object authentication(Login login) throws ReflectiveOperationException {
    Object identity = JettyAuthentication.identity(security, login);
    Class<?> found = type.getClassLoader().loadClass(type.getPackageName() + ".UserAuthentication");
    return found.getConstructors()[0].newInstance(login.authType(), identity);
  }
}
