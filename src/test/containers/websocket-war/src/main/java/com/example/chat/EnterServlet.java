package com.example.chat;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Puts a name into the session and says the session's id. */
@WebServlet("/enter")
public class EnterServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    request.getSession().setAttribute("name", request.getParameter("name"));
    response.setContentType("text/plain");
    response.getWriter().print(request.getSession().getId());
  }
}
