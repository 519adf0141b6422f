package dev.holdfast.benchmark.app;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** The application: it uses the session and knows nothing of where it is kept. */
public final class SessionServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getParameter("op")) {
      case "fill" -> {
        HttpSession session = request.getSession();
        State.ofKilobytes(Integer.parseInt(request.getParameter("kb")))
            .forEach(session::setAttribute);
        Page.send(response, 0);
      }
      case "read" -> {
        HttpSession session = known(request);
        Page.send(
            response,
            ((Shelf) session.getAttribute("shelf0")).total()
                + ((Shelf) session.getAttribute("shelf1")).total());
      }
      case "write" -> {
        HttpSession session = known(request);
        int count = (Integer) session.getAttribute("count") + 1;
        session.setAttribute("count", count);
        Page.send(response, count);
      }
      case "new" -> {
        request.getSession().setAttribute("count", 0);
        Page.send(response, 0);
      }
      case "untouched" -> Page.send(response, 0);
      default -> response.sendError(HttpServletResponse.SC_BAD_REQUEST);
    }
  }

  private static HttpSession known(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      throw new IllegalStateException("the session is lost: the benchmark measures nothing");
    }
    return session;
  }
}
