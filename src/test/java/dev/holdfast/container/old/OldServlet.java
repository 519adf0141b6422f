package dev.holdfast.container.old;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import javax.servlet.http.HttpSession;
import javax.servlet.http.HttpSessionContext;

/** Calls everything that Servlet 6.0 has dropped; the last part of the path says what. */
@SuppressWarnings("deprecation")
public final class OldServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    switch (request.getPathInfo()) {
      case "/put" -> {
        HttpSession session = request.getSession();
        session.putValue("color", "red");
        session.putValue("size", "7");
        tell(response, session);
      }
      case "/remove" -> {
        HttpSession session = request.getSession();
        session.removeValue("size");
        session.putValue("color", null);
        session.putValue("shape", "round");
        tell(response, session);
      }
      case "/get" -> tell(response, request.getSession());
      case "/context" -> {
        HttpSessionContext context = request.getSession().getSessionContext();
        response
            .getWriter()
            .println(
                context.getIds().hasMoreElements()
                    + " "
                    + context.getSession(request.getSession().getId()));
      }
      case "/encode" -> {
        request.getSession().putValue("color", "red");
        String url = request.getContextPath() + "/old/from-url";
        String same = response.encodeURL(url);
        response
            .getWriter()
            .println(
                same
                    + " "
                    + response.encodeUrl(url).equals(same)
                    + " "
                    + response.encodeRedirectUrl(url).equals(response.encodeRedirectURL(url)));
      }
      case "/from-url" ->
          response
              .getWriter()
              .println(
                  request.isRequestedSessionIdFromUrl()
                      + " "
                      + request.getSession().getValue("color"));
      case "/status" -> {
        response.setStatus(HttpServletResponse.SC_GONE, "gone fishing");
        response.getWriter().println("away");
      }
      default -> afterInvalidation(request.getSession(), response.getWriter());
    }
  }

  private static void tell(HttpServletResponse response, HttpSession session) throws IOException {
    String[] names = session.getValueNames();
    Arrays.sort(names);
    PrintWriter out = response.getWriter();
    for (String name : names) {
      out.println(name + " = " + session.getValue(name));
    }
  }

  private static void afterInvalidation(HttpSession session, PrintWriter out) {
    session.invalidate();
    Runnable[] calls = {
      () -> session.getValue("color"),
      session::getValueNames,
      () -> session.putValue("color", "blue"),
      () -> session.removeValue("color")
    };
    for (Runnable call : calls) {
      try {
        call.run();
        out.println("fine");
      } catch (IllegalStateException e) {
        out.println("refused");
      }
    }
  }
}
