package dev.holdfast.container;

import jakarta.servlet.ServletContext;

/** Lets an {@link EarlyUser} see a request before the container's authenticator does. */
public final class ContainerAuthentication {
  private ContainerAuthentication() {}

  /**
   * Has {@code user} asked from now on. Works while the filters are initialised.
   *
   * @return false on a container where {@link EarlyUser#of} is never asked
   */
  public static boolean ask(EarlyUser user, ServletContext context) {
    if (isJetty(context, user)) {
      return true;
    }
    EarlyRequests.ask(user, context);
    if (!String.valueOf(context.getServerInfo()).startsWith("Apache Tomcat")) {
      return false;
    }
    try {
      Object unused = Reflection.tomcatContext(context);
      context.addListener(new TomcatAuthentication(user));
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isJetty(ServletContext context, EarlyUser user) {
    try {
      OlderJettyAuthentication.install(context, user);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another Jetty, or another container.
    }
    try {
      JettyAuthentication.install(context, user);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Not Jetty, or Jetty without a security handler.
      return false;
    }
  }
}
