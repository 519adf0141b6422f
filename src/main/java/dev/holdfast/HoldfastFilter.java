package dev.holdfast;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request of a web application a session that lives in Redis.
 *
 * <p>Declare it first in web.xml, on {@code /*}, for all five dispatchers, with {@code
 * <async-supported>}; its init-params are the settings. Or declare nothing: {@link
 * HoldfastInitializer} adds it in just that way.
 */
public final class HoldfastFilter implements Filter {
  private @Nullable Assembly assembly;
  private @Nullable ServletContext context;

  /**
   * Reads the settings and prints the start-up report. Does not connect: the application deploys
   * while Redis is down.
   *
   * @throws ServletException when a setting is wrong; the message lists every fault
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    try {
      Assembly made = Assembly.of(config);
      assembly = made;
      context = config.getServletContext();
      made.sessions().publish(config.getServletContext());
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ServletException("Holdfast cannot start: " + e.getMessage(), e);
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Assembly running = assembly;
    if (running == null) {
      throw new IllegalStateException("HoldfastFilter was not initialised");
    }
    running.boundary().filter(request, response, chain);
  }

  /**
   * Closes the connection to Redis and ends its threads. A request that a container lets in all the
   * same is served if it leaves its session alone, and unavailable otherwise.
   */
  @Override
  public void destroy() {
    Assembly running = assembly;
    if (context != null) {
      Sessions.withdraw(context);
    }
    if (running != null) {
      running.close();
    }
  }
}
