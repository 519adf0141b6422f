package com.example.chandlery;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * The login form and what becomes of it. Like a JSP page, the form creates a session; a right
 * password gives that session a new id.
 */
public final class LoginServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpSession session = request.getSession();
    if (session.getAttribute("user") != null) {
      response.sendRedirect(request.getContextPath() + "/dashboard");
      return;
    }
    if (session.getAttribute("firstSeen") == null) {
      session.setAttribute("firstSeen", Instant.now());
    }
    form(request, response, "", "", CartServlet.itemsOf(session).size());
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String name = parameter(request, "username");
    if (!Customers.accepts(name, parameter(request, "password"))) {
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
      form(request, response, name, "That is not a name and password we know.", 0);
      return;
    }
    HttpSession session = request.getSession();
    if (session.getAttribute("user") instanceof Customer other && !other.getName().equals(name)) {
      session.invalidate();
      session = request.getSession();
    }
    request.changeSessionId();
    session.setAttribute("user", new Customer(name, Instant.now()));
    response.sendRedirect(request.getContextPath() + "/dashboard");
  }

  private static String parameter(HttpServletRequest request, String name) {
    String value = request.getParameter(name);
    return value == null ? "" : value;
  }

  private static void form(
      HttpServletRequest request, HttpServletResponse response, String name, String error, int cart)
      throws IOException {
    StringBuilder buttons = new StringBuilder();
    for (Map.Entry<String, String> customer : Customers.all().entrySet()) {
      buttons
          .append("<tr><td><code>")
          .append(Text.html(customer.getKey()))
          .append("</code></td><td><code>")
          .append(Text.html(customer.getValue()))
          .append("</code></td></tr>");
    }
    String main =
        """
        <h1>Log in</h1>
        %s%s<form class="card" method="post" action="%s/login">
        <label>Name <input name="username" value="%s" autocomplete="username" autofocus required></label>
        <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
        <button class="button">Log in</button>
        </form>
        <section class="columns">
        <div><h2>Demo users</h2>
        <table class="plain"><thead><tr><th>Name</th><th>Password</th></tr></thead><tbody>%s</tbody></table></div>
        <div><h2>Not yet?</h2>
        <form class="inline" method="post" action="%s/cart"><input type="hidden" name="item" value="Rope">
        <button class="button quiet">Put a rope into the cart</button></form>
        <p class="small">It comes along when you log in.</p></div>
        </section>
        """
            .formatted(
                error.isEmpty()
                    ? ""
                    : "<p class=\"notice bad\" role=\"alert\">" + Text.html(error) + "</p>\n",
                cart == 0
                    ? ""
                    : "<p class=\"notice\" role=\"status\">Your cart holds "
                        + (cart == 1 ? "one thing" : cart + " things")
                        + ". Log in to see it.</p>\n",
                request.getContextPath(),
                Text.html(name),
                buttons,
                request.getContextPath());
    Page.writePrivate(request, response, "Log in", main);
  }
}
