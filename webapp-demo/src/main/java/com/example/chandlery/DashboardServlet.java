package com.example.chandlery;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a customer sees: greeting, shelves and cart. */
public final class DashboardServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    HttpSession session = request.getSession(false);
    if (session == null || !(session.getAttribute("user") instanceof Customer customer)) {
      response.sendRedirect(request.getContextPath() + "/login");
      return;
    }
    String base = request.getContextPath();
    String main =
        """
        <div class="title"><h1>Welcome, %s</h1>
        <form method="post" action="%s/logout"><button class="button quiet">Log out</button></form></div>
        <h2>On the shelves</h2>
        <ul class="goods">%s</ul>
        <form class="inline" method="post" action="%s/cart">
        <input name="item" placeholder="Something else" aria-label="Something else" maxlength="80" required>
        <button class="button quiet">Add</button></form>
        %s
        <p class="small"><a href="%s/api/session">The session as the application sees it (JSON)</a></p>
        """
            .formatted(
                Text.html(customer.getName()),
                base,
                shelves(base),
                base,
                cart(CartServlet.itemsOf(session)),
                base);
    Page.writePrivate(request, response, "Dashboard", main);
  }

  private static String shelves(String base) {
    StringBuilder html = new StringBuilder();
    for (Goods goods : Goods.ALL) {
      html.append(
          """
          <li><form method="post" action="%s/cart"><img src="%s/icons/%s.svg" alt="" width="40" height="40">
          <strong>%s</strong><span>%s</span>
          <button class="button small-button" name="item" value="%s" aria-label="Add %s">Add</button></form></li>
          """
              .formatted(
                  base,
                  base,
                  goods.icon(),
                  Text.html(goods.name()),
                  Text.html(goods.text()),
                  Text.html(goods.name()),
                  Text.html(goods.name())));
    }
    return html.toString();
  }

  private static String cart(List<String> items) {
    if (items.isEmpty()) {
      return "<h2>Your cart</h2>\n<p class=\"empty\" id=\"cart\">Nothing in it yet.</p>";
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String item : items) {
      counts.merge(item, 1, Integer::sum);
    }
    StringBuilder html = new StringBuilder();
    html.append("<h2>Your cart <span class=\"tag\" id=\"count\">")
        .append(items.size())
        .append("</span></h2>\n<ul class=\"cart\" id=\"cart\">");
    counts.forEach(
        (item, count) ->
            html.append("<li><span>")
                .append(Text.html(item))
                .append("</span><b>× ")
                .append(count)
                .append("</b></li>"));
    return html.append("</ul>").toString();
  }
}
