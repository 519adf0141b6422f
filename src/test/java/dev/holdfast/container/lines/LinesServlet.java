package dev.holdfast.container.lines;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes the steps that the parameter {@code do} names, separated by commas, and logs a line after
 * each: the parameter {@code of} and the step. An asynchronous step takes the rest along.
 */
@WebServlet(urlPatterns = "/lines", asyncSupported = true)
public final class LinesServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger("lines");

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String steps = request.getParameter("do");
    if (request.getDispatcherType() == DispatcherType.ERROR) {
      steps = "page";
    } else if (request.getAttribute("do") != null) {
      steps = (String) request.getAttribute("do");
    }
    take(steps, request, response);
  }

  private static void log(HttpServletRequest request, String step) {
    LOG.info("{} {}", request.getParameter("of"), step.replace('\n', ' '));
  }

  private void take(String steps, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    String step = steps;
    String rest = "";
    int comma = steps.indexOf(',');
    if (comma >= 0) {
      step = steps.substring(0, comma);
      rest = steps.substring(comma + 1);
    }
    String[] words = step.split("-", 2);
    switch (words[0]) {
      case "create" -> request.getSession();
      case "read" -> request.getSession(false);
      case "set" -> request.getSession().setAttribute("user", words[1]);
      case "unset" -> request.getSession().removeAttribute("user");
      case "invalidate" -> request.getSession().invalidate();
      case "rotate" -> request.changeSessionId();
      case "login" -> request.login(words[1], "toor");
      case "logout" -> request.logout();
      case "nested" -> {
        request.setAttribute("do", words[1]);
        request.getRequestDispatcher("/lines").include(request, response);
        request.removeAttribute("do");
      }
      case "forward" -> {
        request.setAttribute("do", rest);
        request.getRequestDispatcher("/lines").forward(request, response);
        rest = "";
      }
      case "error" -> {
        response.sendError(500);
        return;
      }
      case "throw" -> throw new ServletException("as it was asked to");
      case "start", "thread", "dispatch" -> {
        goAsync(words[0], rest, request, response);
        return;
      }
      case "clear" -> MDC.clear();
      default -> {}
    }
    log(request, step);
    if (!rest.isEmpty()) {
      take(rest, request, response);
    }
  }

  private void goAsync(
      String how, String rest, HttpServletRequest request, HttpServletResponse response) {
    AsyncContext async = request.startAsync();
    Runnable part =
        () -> {
          try {
            HttpSession unused = request.getSession(false);
            log(request, how);
            take(rest, request, response);
          } catch (ServletException | IOException e) {
            LOG.error("{}", how, e);
          } finally {
            async.complete();
          }
        };
    switch (how) {
      case "start" -> async.start(part);
      case "thread" -> new Thread(part, "of the application").start();
      default -> {
        request.setAttribute("do", rest);
        async.dispatch("/lines");
      }
    }
  }
}
