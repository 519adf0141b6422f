package com.example.chandlery;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * The front page. It never asks for the session, so it answers whatever becomes of the sessions.
 */
public final class HomeServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-cache");
    boolean goodbye = "bye".equals(request.getQueryString());
    String base = request.getContextPath();
    String main =
        """
        %s<h1>A session that outlives its server</h1>
        <p class="lead">This shop keeps your login and your cart in an ordinary <code>HttpSession</code>.
        Log in, fill the cart, stop the node that served you, and go on at the other one.</p>
        <p class="actions"><a class="button" href="%s/login">Log in</a>
        <a class="button quiet" href="%s/dashboard">Dashboard</a>%s</p>
        <section class="columns">
        <div><h2>Demo users</h2>
        <table class="plain"><thead><tr><th>Name</th><th>Password</th></tr></thead>
        <tbody>%s</tbody></table></div>
        <div><h2>Nodes</h2>
        %s</div>
        </section>
        <h2>Try this</h2>
        <ol class="steps">
        <li>Put something into the cart before you log in. Then log in: the cart comes along, the session id is new.</li>
        <li>Stop the node that answers you. Its process is killed, nothing is said goodbye to.</li>
        <li>You land on another node, logged in, with everything in the cart.</li>
        <li>Log out and press the back button.</li>
        </ol>
        """
            .formatted(
                goodbye
                    ? "<p class=\"notice good\" role=\"status\">You are logged out. The session is"
                        + " gone on every node.</p>\n"
                    : "",
                base,
                base,
                admin(new Site(request)),
                customers(),
                nodes(new Site(request)));
    Page.write(request, response, "Welcome aboard", main);
  }

  private static String admin(Site site) {
    String address = site.admin();
    return address == null
        ? ""
        : "\n<a class=\"button quiet\" href=\"%s\">All sessions, for admins</a>"
            .formatted(Text.html(address));
  }

  private static String customers() {
    StringBuilder rows = new StringBuilder();
    for (Map.Entry<String, String> customer : Customers.all().entrySet()) {
      rows.append("<tr><td><code>")
          .append(Text.html(customer.getKey()))
          .append("</code></td><td><code>")
          .append(Text.html(customer.getValue()))
          .append("</code></td></tr>");
    }
    return rows.toString();
  }

  private static String nodes(Site site) {
    if (site.nodes().isEmpty()) {
      return "<p>This is the only one: <strong>" + Text.html(site.node()) + "</strong></p>";
    }
    StringBuilder list = new StringBuilder("<ul class=\"nodes\">");
    for (Site.Node node : site.nodes()) {
      String url = Text.html(site.url(node, "/"));
      list.append("<li><a href=\"").append(url).append("\">").append(url).append("</a>");
      if (node.name().equals(site.node())) {
        list.append(" <span class=\"tag\">you are here</span>");
      }
      list.append("</li>");
    }
    return list.append("</ul>").toString();
  }
}
