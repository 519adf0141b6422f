package dev.holdfast.container.hints;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes or uses a session, sends a hint, changes the session again, then answers. Jetty takes
 * {@code sendError(103)} for a hint; Tomcat has a method of its own, behind all wrappers.
 */
@WebServlet("/hints")
public final class HintsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    request.getSession().setAttribute("before", "hint");
    response.setHeader("Link", "</style.css>; rel=preload; as=style");
    Optional<Method> tomcats =
        Arrays.stream(innermost(response).getClass().getMethods())
            .filter(method -> method.getName().equals("sendEarlyHints"))
            .findFirst();
    if (tomcats.isPresent()) {
      try {
        tomcats.get().invoke(innermost(response));
      } catch (ReflectiveOperationException e) {
        throw new ServletException(e);
      }
    } else {
      response.sendError(103);
    }
    request.getSession().setAttribute("after", "hint");
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print("done");
  }

  private static ServletResponse innermost(ServletResponse response) {
    ServletResponse current = response;
    while (current instanceof ServletResponseWrapper wrapper) {
      current = wrapper.getResponse();
    }
    return current;
  }
}
