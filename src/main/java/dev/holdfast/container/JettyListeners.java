package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** Jetty 12, ee8 to ee11: three public methods lead to the listeners of its session handler. */
final class JettyListeners {
  private JettyListeners() {}

  static ContainerListeners find(ServletContext context) throws ReflectiveOperationException {
    Object contextHandler = Reflection.call(context, "getContextHandler");
    Object sessionHandler = Reflection.call(contextHandler, "getSessionHandler");
    Object listeners = Reflection.call(sessionHandler, "getEventListeners");
    return new ContainerListeners(
        "Jetty",
        Reflection.only(HttpSessionListener.class, listeners),
        Reflection.only(HttpSessionAttributeListener.class, listeners),
        Reflection.only(HttpSessionIdListener.class, listeners),
        Reflection.only(
            ServletRequestListener.class, Reflection.call(contextHandler, "getEventListeners")));
  }
}
