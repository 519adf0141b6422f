package com.example.shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.owasp.csrfguard.CsrfGuard;
import org.owasp.csrfguard.session.LogicalSession;

/** Shows the basket with a form that carries the token, and takes what the form sends. */
public class BasketServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/html");
    if (request.getServletPath().equals("/error")) {
      response.getWriter().println("that was not you");
      return;
    }
    HttpSession session = request.getSession();
    CsrfGuard guard = CsrfGuard.getInstance();
    LogicalSession key = guard.getLogicalSessionExtractor().extractOrCreate(request);
    String token = guard.getTokenService().getTokenValue(key.getKey(), request.getRequestURI());
    response
        .getWriter()
        .printf(
            "<p>%s</p><form method=\"post\"><input name=\"%s\" value=\"%s\"/></form>%n",
            session.getAttribute("basket"), guard.getTokenName(), token);
  }

  @Override
  @SuppressWarnings("unchecked")
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    List<String> basket = (List<String>) session.getAttribute("basket");
    basket = basket == null ? new ArrayList<>() : basket;
    basket.add(request.getParameter("article"));
    session.setAttribute("basket", basket);
    response.sendRedirect("basket");
  }
}
