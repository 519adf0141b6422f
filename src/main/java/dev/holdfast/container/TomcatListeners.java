package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Tomcat 9 to 11. Its context is behind two facades, each with a private field {@code context};
 * where these cannot be opened, JMX hands it out.
 */
final class TomcatListeners {
  private TomcatListeners() {}

  static ContainerListeners find(ServletContext context) throws ReflectiveOperationException {
    return of(Reflection.tomcatContext(context));
  }

  static ContainerListeners findByManagement(ServletContext context)
      throws ReflectiveOperationException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      for (ObjectName name : server.queryNames(new ObjectName("*:j2eeType=WebModule,*"), null)) {
        Object candidate = server.getAttribute(name, "managedResource");
        Object loader = Reflection.call(Reflection.call(candidate, "getLoader"), "getClassLoader");
        // The context path alone does not tell parallel versions and virtual hosts apart.
        if (loader == context.getClassLoader()) {
          return of(candidate);
        }
      }
    } catch (JMException e) {
      throw new ReflectiveOperationException(e);
    }
    throw new ReflectiveOperationException("JMX has no context with this class loader");
  }

  private static ContainerListeners of(Object context) throws ReflectiveOperationException {
    Object lifecycle = Reflection.call(context, "getApplicationLifecycleListeners");
    Object events = Reflection.call(context, "getApplicationEventListeners");
    return new ContainerListeners(
        "Tomcat",
        Reflection.only(HttpSessionListener.class, lifecycle),
        Reflection.only(HttpSessionAttributeListener.class, events),
        Reflection.only(HttpSessionIdListener.class, events),
        Reflection.only(ServletRequestListener.class, events));
  }
}
