package dev.holdfast.container.devices;

import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.Sessions;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * "My devices": the sessions of the user, whom the container names or the parameter, and buttons
 * that end them.
 */
@WebServlet("/devices")
public final class DevicesServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Sessions sessions = Sessions.of(request.getServletContext());
    String named = request.getParameter("user");
    String user = named == null ? request.getRemoteUser() : named;
    String id = request.getParameter("id");
    String answer =
        switch (request.getParameter("do")) {
          case "list" ->
              sessions.ofUser(user).stream().map(SessionInfo::id).collect(Collectors.joining("\n"));
          case "find" -> String.valueOf(sessions.find(id));
          case "end-mine" -> String.valueOf(sessions.endOfUser(user, id));
          case "end" -> String.valueOf(sessions.end(id));
          case "others" ->
              String.valueOf(sessions.endOthersOfUser(user, request.getSession().getId()));
          case "all" -> String.valueOf(sessions.endAllOfUser(user));
          case "all-and-note" -> {
            request.getSession();
            String ended = String.valueOf(sessions.endAllOfUser(user));
            request.getSession().setAttribute("note", "bye");
            yield ended;
          }
          default -> throw new IllegalArgumentException(request.getParameter("do"));
        };
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(answer);
  }
}
