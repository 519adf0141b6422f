package com.example.chat;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/**
 * Puts a name into the session and says the session's id. With a password it logs that name in,
 * {@code seconds} is the time-out, and with {@code closing} the application itself closes the
 * sockets when the session ends.
 */
@WebServlet("/enter")
public class EnterServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    HttpSession session = request.getSession();
    session.setAttribute("name", request.getParameter("name"));
    if (request.getParameter("password") != null) {
      request.login(request.getParameter("name"), request.getParameter("password"));
    }
    if (request.getParameter("seconds") != null) {
      session.setMaxInactiveInterval(Integer.parseInt(request.getParameter("seconds")));
    }
    if (request.getParameter("closing") != null) {
      session.setAttribute("sockets", new Sockets());
    }
    response.setContentType("text/plain");
    response.getWriter().print(session.getId());
  }
}
