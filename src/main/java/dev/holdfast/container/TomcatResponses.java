package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletResponse;

/** Does what Tomcat 10.1 does to its own response when a forward ends, and not to a wrapped one. */
public final class TomcatResponses {
  private TomcatResponses() {}

  /**
   * Suspends {@code response} if it is Tomcat's: what is written from now on is dropped, as Servlet
   * 6.1, 9.4 asks, and an exception can still become an error page. Tomcat would close a wrapped
   * response ({@code ApplicationDispatcher.doForward}), but not a suspended one.
   */
  public static void suspend(ServletContext context, HttpServletResponse response) {
    // GlassFish has a class of this name too, and looks for error pages when a forward ends.
    if (!String.valueOf(context.getServerInfo()).startsWith("Apache Tomcat")
        || !response.getClass().getName().equals("org.apache.catalina.connector.ResponseFacade")) {
      return;
    }
    try {
      response.getClass().getMethod("finish").invoke(response);
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Tomcat closes it in a moment.
    }
  }
}
