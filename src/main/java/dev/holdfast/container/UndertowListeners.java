package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/**
 * Undertow 2.3, also in WildFly. Public methods lead to all listeners of the deployment, private
 * fields to those of each kind. Each is in a holder that has its instance once the deployment
 * starts. Undertow's own session listener, which closes WebSockets, casts the session to a class of
 * Undertow's and is left out.
 */
final class UndertowListeners {
  private UndertowListeners() {}

  static ContainerListeners find(ServletContext context) throws ReflectiveOperationException {
    Object deployment = Reflection.call(context, "getDeployment");
    Object all = Reflection.call(deployment, "getApplicationListeners");
    return new ContainerListeners(
        "Undertow",
        instances(HttpSessionListener.class, all, "httpSessionListeners"),
        instances(HttpSessionAttributeListener.class, all, "httpSessionAttributeListeners"),
        instances(HttpSessionIdListener.class, all, "httpSessionIdListeners"),
        instances(ServletRequestListener.class, all, "servletRequestListeners"));
  }

  private static <T> List<T> instances(Class<T> type, Object all, String field)
      throws ReflectiveOperationException {
    Object holders = Reflection.field(all, field);
    List<Object> found = new ArrayList<>();
    for (int i = 0; i < Array.getLength(holders); i++) {
      Object holder = Array.get(holders, i);
      // Before the deployment starts, asking for the instance is an error.
      if (Boolean.TRUE.equals(Reflection.call(holder, "isStarted"))) {
        Object listener = Reflection.call(holder, "instance");
        if (!listener.getClass().getName().startsWith("io.undertow.")) {
          found.add(listener);
        }
      }
    }
    return Reflection.only(type, found);
  }
}
