package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/**
 * GlassFish 7 and Payara 6, whose web container grew from an old Tomcat: the same two facades, but
 * session listeners are kept apart from those of other events.
 */
final class GlassFishListeners {
  private GlassFishListeners() {}

  static ContainerListeners find(ServletContext facade) throws ReflectiveOperationException {
    Object context = Reflection.field(Reflection.field(facade, "context"), "context");
    Object session = Reflection.call(context, "getSessionListeners");
    Object events = Reflection.call(context, "getApplicationEventListeners");
    return new ContainerListeners(
        "GlassFish",
        Reflection.only(HttpSessionListener.class, session),
        Reflection.only(HttpSessionAttributeListener.class, events),
        Reflection.only(HttpSessionIdListener.class, events),
        Reflection.only(ServletRequestListener.class, events));
  }
}
