package dev.holdfast;

import dev.holdfast.admin.AdminView;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The admin view: which sessions there are, who has them, what is in one, and how this node is;
 * ends sessions. {@link HoldfastInitializer} adds it where {@code admin.path} says. Where no
 * initializer runs, in an embedded server, or to have it in web.xml, map this class to a path and
 * all below it, such as {@code /holdfast-admin/*}. It lets nobody in unless {@code admin.token} or
 * {@code admin.role} is set.
 */
public final class AdminServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Answers a request; 503 when Holdfast does not run in this application. */
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    AdminView view = AdminView.of(getServletContext());
    if (view != null) {
      view.service(request, response);
      return;
    }
    response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("Cache-Control", "no-store");
    response
        .getOutputStream()
        .write(
            ("Holdfast does not keep the sessions of this application: its filter has not started,"
                    + " which the server's log explains, or enabled is false.\n")
                .getBytes(StandardCharsets.UTF_8));
  }
}
