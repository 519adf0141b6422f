package com.example.counter;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

@WebServlet("/count")
public class CounterServlet extends HttpServlet {
  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    Integer count = (Integer) session.getAttribute("count");
    session.setAttribute("count", count == null ? 1 : count + 1);
    response.setContentType("text/plain");
    response.getWriter().println("count " + session.getAttribute("count"));
  }
}
