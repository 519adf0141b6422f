package dev.holdfast.container.app.listening;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;

/** Runs before any filter, and makes a session of the container if asked to. */
public final class Early implements ServletRequestListener {
  @Override
  public void requestInitialized(ServletRequestEvent event) {
    HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
    if (String.valueOf(request.getQueryString()).contains("container-session")) {
      request.getSession();
    }
  }
}
