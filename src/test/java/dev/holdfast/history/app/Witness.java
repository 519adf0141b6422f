package dev.holdfast.history.app;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/**
 * Writes to the server's standard output which sessions ended, so that it can still be read when
 * the server has been killed: {@code DESTROYED id base}, where {@code base} is an attribute.
 */
public final class Witness implements HttpSessionListener {
  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    // The line before may be somebody else's and half written.
    System.out.println(
        "\nDESTROYED "
            + event.getSession().getId()
            + " "
            + event.getSession().getAttribute("base"));
  }
}
