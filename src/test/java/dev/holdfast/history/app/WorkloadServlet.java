package dev.holdfast.history.app;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.Sessions;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Takes the steps of the parameter {@code do}, separated by semicolons; answers one line for each.
 * A step on a session that is not there answers {@code none}, one on a session that another request
 * of this server ended meanwhile {@code ended}. What the session store throws is not caught.
 *
 * <ul>
 *   <li>{@code open}: the session, made if there is none; its id
 *   <li>{@code set name value}, {@code get name}, {@code all}, {@code meta} (id, is new, last
 *       accessed), {@code idle seconds}
 *   <li>{@code list name value}: sets a new list with one element; {@code append name value}: adds
 *       to it in place
 *   <li>{@code note name value}: sets a {@link Noted}
 *   <li>{@code rotate}, {@code login user}, {@code invalidate}
 *   <li>{@code sessions user}: the ids of the sessions of a user; {@code end-all user}
 *   <li>{@code sleep millis}; {@code flush}: sends the head of the response
 *   <li>{@code interrupt}: interrupts every other request that is in this servlet
 *   <li>{@code size name bytes}: sets an array
 * </ul>
 */
public final class WorkloadServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Map<String, String> PASSWORDS =
      Map.of("root", "toor", "alice", "wonderland");
  private static final Set<Thread> INSIDE = ConcurrentHashMap.newKeySet();

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    INSIDE.add(Thread.currentThread());
    response.setContentType("text/plain;charset=UTF-8");
    try {
      StringJoiner answers = new StringJoiner("\n");
      for (String step : request.getParameter("do").split(";")) {
        if (step.equals("flush")) {
          response.flushBuffer();
        }
        answers.add(take(step.split(" "), request));
      }
      response.getWriter().print(answers);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } finally {
      INSIDE.remove(Thread.currentThread());
    }
  }

  private static String take(String[] step, HttpServletRequest request)
      throws InterruptedException {
    switch (step[0]) {
      case "open":
        return request.getSession().getId();
      case "sleep":
        Thread.sleep(Long.parseLong(step[1]));
        return "ok";
      case "flush":
        return "ok";
      case "sessions":
        return Sessions.of(request.getServletContext()).ofUser(step[1]).stream()
            .map(SessionInfo::id)
            .collect(Collectors.joining(","));
      case "end-all":
        return "ended:" + Sessions.of(request.getServletContext()).endAllOfUser(step[1]);
      case "interrupt":
        INSIDE.stream()
            .filter(thread -> thread != Thread.currentThread())
            .forEach(Thread::interrupt);
        return "ok";
      default:
        HttpSession session = request.getSession(false);
        try {
          return session == null ? "none" : onSession(step, request, session);
        } catch (IllegalStateException e) {
          return "ended";
        }
    }
  }

  private static String onSession(String[] step, HttpServletRequest request, HttpSession session) {
    switch (step[0]) {
      case "set" -> session.setAttribute(step[1], step[2]);
      case "note" -> session.setAttribute(step[1], new Noted(step[2]));
      case "size" -> session.setAttribute(step[1], new byte[Integer.parseInt(step[2])]);
      case "list" -> session.setAttribute(step[1], new ArrayList<>(List.of(step[2])));
      case "append" -> {
        return append(session, step[1], step[2]);
      }
      case "get" -> {
        return text(session.getAttribute(step[1]));
      }
      case "all" -> {
        return all(session);
      }
      case "meta" -> {
        return session.getId() + " " + session.isNew() + " " + session.getLastAccessedTime();
      }
      case "idle" -> session.setMaxInactiveInterval(Integer.parseInt(step[1]));
      case "rotate" -> {
        return request.changeSessionId();
      }
      case "login" -> {
        return login(request, step[1]);
      }
      case "invalidate" -> session.invalidate();
      default -> throw new IllegalArgumentException(step[0]);
    }
    return "ok";
  }

  /** A second one at once finds the user logged in, which login() takes for an error. */
  private static String login(HttpServletRequest request, String user) {
    try {
      request.login(user, PASSWORDS.get(user));
      return "ok";
    } catch (ServletException e) {
      return "refused";
    }
  }

  @SuppressWarnings("unchecked") // "list" makes lists of strings
  private static String append(HttpSession session, String name, String value) {
    List<String> list = (List<String>) session.getAttribute(name);
    if (list == null) {
      return "absent";
    }
    synchronized (list) {
      list.add(value);
      return String.join(",", list);
    }
  }

  private static String all(HttpSession session) {
    StringJoiner all = new StringJoiner(" ");
    for (String name : new TreeSet<>(Collections.list(session.getAttributeNames()))) {
      Object value = session.getAttribute(name);
      if (value != null) {
        all.add(name + "=" + text(value));
      }
    }
    return all.toString();
  }

  @SuppressWarnings("unchecked") // "list" makes lists of strings
  private static String text(Object value) {
    if (value instanceof List<?> list) {
      synchronized (list) {
        return String.join(",", (List<String>) list);
      }
    }
    return value instanceof byte[] bytes ? "bytes:" + bytes.length : String.valueOf(value);
  }
}
