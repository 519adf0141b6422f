package com.example.chandlery;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Collectors;

/**
 * The session as JSON; it joins one and never creates one. Times are milliseconds since 1970, the
 * interval is in seconds, both as the Servlet API gives them. The session's id is left out: it
 * concerns nobody.
 */
public final class SessionServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setContentType("application/json");
    String node = new Site(request).node();
    byte[] body = json(node, request.getSession(false)).getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static String json(String node, HttpSession session) {
    if (session == null) {
      return "{\n  \"node\": %s,\n  \"session\": false\n}\n".formatted(Text.json(node));
    }
    return """
    {
      "node": %s,
      "session": true,
      "new": %b,
      "creationTime": %d,
      "lastAccessedTime": %d,
      "maxInactiveInterval": %d,
      "user": %s,
      "cart": [%s],
      "attributes": {%s}
    }
    """
        .formatted(
            Text.json(node),
            session.isNew(),
            session.getCreationTime(),
            session.getLastAccessedTime(),
            session.getMaxInactiveInterval(),
            session.getAttribute("user") instanceof Customer customer
                ? Text.json(customer.getName())
                : "null",
            CartServlet.itemsOf(session).stream().map(Text::json).collect(Collectors.joining(", ")),
            attributes(session));
  }

  private static String attributes(HttpSession session) {
    return Collections.list(session.getAttributeNames()).stream()
        .sorted()
        .map(
            name -> {
              Object value = session.getAttribute(name);
              return value == null
                  ? Text.json(name) + ": null"
                  : Text.json(name) + ": " + Text.json(value.getClass().getName());
            })
        .collect(Collectors.joining(", "));
  }
}
