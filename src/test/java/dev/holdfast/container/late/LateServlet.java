package dev.holdfast.container.late;

import dev.holdfast.HoldfastFilter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests through a filter that it has destroyed, as a container does with one that was on
 * its way when the application was stopped. The parameter {@code session} asks for a session.
 */
@WebServlet("/late")
public final class LateServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient HoldfastFilter filter = new HoldfastFilter();

  @Override
  public void init() throws ServletException {
    filter.init(new Config(getServletContext()));
    filter.destroy();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    filter.doFilter(
        request,
        response,
        (behind, answer) -> {
          if (behind.getParameter("session") != null) {
            ((HttpServletRequest) behind).getSession().setAttribute("color", "red");
          }
          answer.getWriter().print("served");
        });
  }

  private record Config(ServletContext context) implements FilterConfig {
    @Override
    public String getFilterName() {
      return "late";
    }

    @Override
    public ServletContext getServletContext() {
      return context;
    }

    @Override
    public @Nullable String getInitParameter(String name) {
      return name.equals("app") ? "late" : null;
    }

    @Override
    public Enumeration<String> getInitParameterNames() {
      return Collections.enumeration(Collections.singleton("app"));
    }
  }
}
