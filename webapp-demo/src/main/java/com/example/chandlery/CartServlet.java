package com.example.chandlery;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.List;

/**
 * Puts a thing into the cart. Only the first one calls {@code setAttribute}; from then on the bean
 * in the session is changed in place, and nobody is told.
 */
public final class CartServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final int MAX_LENGTH = 80;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String item = request.getParameter("item");
    item = item == null ? "" : item.strip();
    if (item.isEmpty() || item.length() > MAX_LENGTH) {
      response.sendError(
          HttpServletResponse.SC_BAD_REQUEST,
          "The parameter item must have 1 to " + MAX_LENGTH + " characters.");
      return;
    }
    HttpSession session = request.getSession();
    Cart cart;
    synchronized (session) {
      cart = (Cart) session.getAttribute("cart");
      if (cart == null) {
        cart = new Cart();
        session.setAttribute("cart", cart);
      }
    }
    if (!cart.add(item)) {
      response.sendError(
          HttpServletResponse.SC_CONFLICT,
          "The cart holds " + Cart.MAX_ITEMS + " things, no more.");
      return;
    }
    response.sendRedirect(request.getContextPath() + "/dashboard");
  }

  static List<String> itemsOf(HttpSession session) {
    return session.getAttribute("cart") instanceof Cart cart ? cart.items() : List.of();
  }
}
