package dev.holdfast.container.app;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Asks for a session before any filter runs, in requests whose query has {@code early-bird}. Not
 * annotated: a web.xml declares it where a test wants it.
 */
public final class EarlyBird implements ServletRequestListener {

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
    String query = request.getQueryString();
    if (query != null && query.contains("early-bird")) {
      request.getSession();
    }
  }
}
