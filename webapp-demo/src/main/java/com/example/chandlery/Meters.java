package com.example.chandlery;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What Micrometer's global registry has, for Prometheus. Not for visitors: what stands before the
 * nodes must not pass this path on.
 */
public final class Meters extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String REGISTRY = Meters.class.getName();

  /** Adds a registry for Prometheus to the global one as long as the application runs. */
  public static final class Registry implements ServletContextListener {
    private final PrometheusMeterRegistry registry =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Override
    public void contextInitialized(ServletContextEvent event) {
      Metrics.addRegistry(registry);
      event.getServletContext().setAttribute(REGISTRY, registry);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
      Metrics.removeRegistry(registry);
      registry.close();
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    PrometheusMeterRegistry registry =
        (PrometheusMeterRegistry) getServletContext().getAttribute(REGISTRY);
    byte[] page = registry.scrape().getBytes(StandardCharsets.UTF_8);
    response.setContentType("text/plain; version=0.0.4; charset=utf-8");
    response.setContentLength(page.length);
    response.getOutputStream().write(page);
  }
}
