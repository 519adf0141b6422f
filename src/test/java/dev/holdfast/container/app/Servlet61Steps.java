package dev.holdfast.container.app;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
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

  static void accessor(HttpSession session) {
    session.getAccessor();
  }

  static void setByAccessor(HttpSession session, String name, String value) {
    session.getAccessor().access(opened -> opened.setAttribute(name, value));
  }
}
