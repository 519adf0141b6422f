package dev.holdfast;

import jakarta.servlet.GenericServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Starts Holdfast while the application is deployed on a container that may initialise filters at
 * the first request. It is mapped to no URL. Containers agree on one thing that they do after all
 * listeners and before the first request: loading servlets.
 */
final class StartBeforeServlets extends GenericServlet {
  private static final Logger LOG = System.getLogger("dev.holdfast");
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
      // The filter refuses every request for the same reason; no container stops for a servlet.
      LOG.log(Level.ERROR, "Holdfast cannot start: " + e.getMessage(), e);
    }
  }

  @Override
  public void service(ServletRequest request, ServletResponse response) throws ServletException {
    throw new ServletException("this servlet serves no request");
  }
}
