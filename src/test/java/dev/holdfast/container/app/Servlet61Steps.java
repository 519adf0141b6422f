package dev.holdfast.container.app;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What only Servlet 6.1 has. Loaded where a step asks for it. */
final class Servlet61Steps {

  private Servlet61Steps() {}

  static void redirect(HttpServletResponse response, String location, int status)
      throws IOException {
    response.sendRedirect(location, status);
  }

  static void redirect(HttpServletResponse response, String location) throws IOException {
    response.sendRedirect(location, false);
  }
}
