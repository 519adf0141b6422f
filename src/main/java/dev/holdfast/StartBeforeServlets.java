package dev.holdfast;

import dev.holdfast.text.Loggers;
import jakarta.servlet.GenericServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Starts Holdfast while the application is deployed on a container that may initialise filters at
 * the first request. It is mapped to no URL. Loading servlets is the one thing that every container
 * does after all listeners and before the first request.
 */
final class StartBeforeServlets extends GenericServlet {
  private static final Logger LOG = Loggers.named("dev.holdfast");
  private static final long serialVersionUID = 1L;

  private final transient Deployment deployment;

  StartBeforeServlets(Deployment deployment) {
    this.deployment = deployment;
  }

  @Override
  public void init() {
    try {
      deployment.start();
    } catch (RuntimeException e) {
      // No container stops because of a servlet; the filter refuses every request for the same
      // reason.
      LOG.log(Level.ERROR, "Holdfast cannot start: " + e.getMessage(), e);
    }
  }

  @Override
  public void service(ServletRequest request, ServletResponse response) throws ServletException {
    throw new ServletException("this servlet serves no request");
  }
}
