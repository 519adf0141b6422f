package dev.holdfast;

import dev.holdfast.container.FilterOrder;
import dev.holdfast.text.Loggers;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request of a web application a session that lives in Redis.
 *
 * <p>Declare it first in web.xml, on {@code /*}, for all five dispatchers, with {@code
 * <async-supported>}; its init-params are the settings. Or declare nothing: {@link
 * HoldfastInitializer} then adds it in the same way.
 */
public final class HoldfastFilter implements Filter {
  private static final Logger LOG = Loggers.named("dev.holdfast");

  private @Nullable Deployment deployment;
  private @Nullable Assembly assembly;
  private @Nullable HealthCheck health;

  /** Whether the sessions are left to the container, or to another filter of this class. */
  private boolean off;

  /**
   * Starts what {@link HoldfastInitializer} has prepared, and prints the start-up report. Where no
   * initializer runs, in an embedded server, reads the settings first. Does not wait for Redis, so
   * the application deploys while Redis is down.
   *
   * @throws ServletException when this fails on a container that then serves nothing; on others
   *     this filter refuses every request
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    try {
      Deployment found = Deployment.of(config);
      if (found == null) {
        off = true;
        return;
      }
      health = found.health();
      assembly = found.take();
      deployment = found;
      warnOfFiltersBefore(config);
    } catch (RuntimeException e) {
      String fault = "Holdfast cannot start: " + e.getMessage();
      if (Deployment.refusesWithoutFilter(config.getServletContext())) {
        throw new ServletException(fault, e);
      }
      LOG.log(Level.ERROR, fault + ". Every request is refused until this is fixed.", e);
    }
  }

  private static void warnOfFiltersBefore(FilterConfig config) {
    ServletContext context = config.getServletContext();
    List<String> before = FilterOrder.before(context, config.getFilterName());
    if (!before.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "{0}: before the filter of Holdfast come {1}: a session that they ask for is the"
              + " container''s and stays on this node. Leave the filter out of web.xml, so that the"
              + " jar adds it before all others; where web.xml has an <absolute-ordering>, name"
              + " dev_holdfast as the first one in it.",
          context.getContextPath().isEmpty() ? "/" : context.getContextPath(),
          String.join(", ", before));
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (off) {
      chain.doFilter(request, response);
      return;
    }
    if (health != null && health.answers(request, response)) {
      return;
    }
    Assembly running = assembly;
    if (running == null) {
      throw new IllegalStateException(
          "Holdfast has not started, so no request is served; the server's log says why");
    }
    running.boundary().filter(request, response, chain);
  }

  /**
   * Closes the connection to Redis and ends its threads. A request that the container still lets in
   * is served if it leaves its session alone, and answered 503 otherwise.
   */
  @Override
  public void destroy() {
    if (deployment != null) {
      deployment.close();
    }
  }
}
