package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/**
 * Open Liberty and WebSphere Liberty. The facade hides the web application, whose lists of session
 * listeners are not public.
 */
final class LibertyListeners {
  private LibertyListeners() {}

  static ContainerListeners find(ServletContext facade) throws ReflectiveOperationException {
    Object application = application(facade);
    return new ContainerListeners(
        "Liberty",
        Reflection.only(
            HttpSessionListener.class, Reflection.field(application, "sessionListeners")),
        Reflection.only(
            HttpSessionAttributeListener.class,
            Reflection.field(application, "sessionAttrListeners")),
        Reflection.only(
            HttpSessionIdListener.class, Reflection.field(application, "sessionIdListeners")),
        Reflection.only(
            ServletRequestListener.class,
            Reflection.field(application, "servletRequestListeners")));
  }

  /** Some versions give filters the application itself. */
  private static Object application(ServletContext context) throws ReflectiveOperationException {
    try {
      return Reflection.call(context, "getIServletContext");
    } catch (NoSuchMethodException e) {
      return context;
    }
  }
}
