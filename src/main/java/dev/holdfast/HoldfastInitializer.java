package dev.holdfast;

import dev.holdfast.config.Takeover;
import dev.holdfast.container.ContainerSessionAlarm;
import dev.holdfast.container.ContainerSessions;
import dev.holdfast.container.EarlyRequests;
import dev.holdfast.text.Loggers;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the settings and adds the filter before all others, on all dispatcher types and with async
 * support, unless web.xml declares it. The container finds this class because the jar is in
 * WEB-INF/lib, or in the server's own library, where it runs for each application (Servlet 6.1,
 * 8.2.4).
 */
public final class HoldfastInitializer implements ServletContainerInitializer {
  private static final Logger LOG = Loggers.named("dev.holdfast");
  private static final String FILTER_NAME = "holdfast";
  private static final String ADMIN_NAME = "holdfast-admin";
  private static final String SERVLET_NAME = "holdfast-start";

  /**
   * Runs before the listeners of the application. Does not connect to Redis, so the application
   * deploys while Redis is down.
   *
   * @throws ServletException when a setting is wrong, which stops the deployment; the message lists
   *     every fault
   */
  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    try {
      FilterDeclaration declared = FilterDeclaration.in(context);
      FilterDeclaration counting =
          declared == null ? FilterDeclaration.none(FILTER_NAME) : declared;
      if (!Preparation.isWanted(context, counting)) {
        LOG.log(
            Level.INFO,
            "Holdfast leaves the sessions of {0} to the container: enabled = false",
            context.getContextPath());
        return;
      }
      Deployment deployment = Deployment.begin(context, counting);
      try {
        addTo(context, deployment, declared);
      } catch (RuntimeException e) {
        deployment.close();
        throw e;
      }
    } catch (RuntimeException e) {
      leaveRefusingFilter(context);
      throw new ServletException("Holdfast cannot start: " + e.getMessage(), e);
    }
  }

  private static void addTo(
      ServletContext context, Deployment deployment, @Nullable FilterDeclaration declared) {
    Takeover takeover = deployment.takeover();
    if (takeover != Takeover.OUT) {
      context.addListener(new ContainerSessionAlarm());
    }
    EarlyRequests.addTo(context);
    if (takeover.fromContainer()) {
      ContainerSessions.mark(context);
    }
    context.addListener(deployment);
    if (declared == null) {
      addFilter(context);
    } else if (declared.byServer()) {
      declared.putFirst(context);
    }
    String adminPath = deployment.adminPath();
    if (adminPath != null) {
      addAdmin(context, adminPath);
    }
    if (!Deployment.filtersComeFirst(context)) {
      ServletRegistration.Dynamic servlet =
          context.addServlet(SERVLET_NAME, new StartBeforeServlets(deployment));
      if (servlet != null) {
        servlet.setLoadOnStartup(0);
      }
    }
  }

  /**
   * Open Liberty serves the application even so; the filter then fails for the same reason and
   * refuses every request.
   */
  private static void leaveRefusingFilter(ServletContext context) {
    try {
      if (FilterDeclaration.in(context) == null) {
        addFilter(context);
      }
    } catch (RuntimeException e) {
      // The filter is there already, or the fault is in what web.xml declares.
    }
  }

  private static void addAdmin(ServletContext context, String path) {
    ServletRegistration.Dynamic servlet = context.addServlet(ADMIN_NAME, AdminServlet.class);
    if (servlet == null) {
      throw new IllegalStateException(
          "admin.path: web.xml declares a servlet named '"
              + ADMIN_NAME
              + "'; rename that one, or remove admin.path if it is the admin view already");
    }
    servlet.setAsyncSupported(true);
    if (!servlet.addMapping(path + "/*").isEmpty()) {
      throw new IllegalStateException(
          "admin.path = "
              + path
              + ": the application has a servlet of its own there; choose another path");
    }
  }

  private static void addFilter(ServletContext context) {
    FilterRegistration.Dynamic filter = context.addFilter(FILTER_NAME, HoldfastFilter.class);
    if (filter == null) {
      throw new IllegalStateException(
          "web.xml declares a filter named '"
              + FILTER_NAME
              + "' that is not "
              + HoldfastFilter.class.getName()
              + ", so Holdfast cannot add its own; rename that one or declare ours in web.xml");
    }
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
  }
}
