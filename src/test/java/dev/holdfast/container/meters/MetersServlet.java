package dev.holdfast.container.meters;

import dev.holdfast.api.HoldfastMetrics;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Shows a registry that was added to the global one and, at {@code /metrics/own}, one that the
 * application has bound itself.
 */
@WebServlet(urlPatterns = {"/metrics", "/metrics/own"})
public final class MetersServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String REGISTRY = "registry";

  /** Makes the registries, and takes the first one from the global one again. */
  @WebListener
  public static final class Registries implements ServletContextListener {
    private final PrometheusMeterRegistry added =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PrometheusMeterRegistry own =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    public void contextInitialized(ServletContextEvent event) {
      Metrics.addRegistry(added);
      new HoldfastMetrics(event.getServletContext()).bindTo(own);
      event.getServletContext().setAttribute(REGISTRY, added);
      event.getServletContext().setAttribute(REGISTRY + "/metrics/own", own);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      Metrics.removeRegistry(added);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getServletPath();
    String name = path.equals("/metrics") ? REGISTRY : REGISTRY + path;
    response.setContentType("text/plain");
    response
        .getWriter()
        .print(((PrometheusMeterRegistry) getServletContext().getAttribute(name)).scrape());
  }
}
