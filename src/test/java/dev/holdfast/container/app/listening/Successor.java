package dev.holdfast.container.app.listening;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** Makes a new session when one ends. Declared in a web.xml. */
public final class Successor implements HttpSessionListener {
  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    HttpServletRequest request = CurrentRequest.get();
    if (request != null) {
      request.getSession().setAttribute("made-at-the-end-of-another", true);
    }
  }
}
