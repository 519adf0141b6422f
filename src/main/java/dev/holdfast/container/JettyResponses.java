package dev.holdfast.container;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a response while something is included in it. Jetty 12 with ee8, like Jetty 10 and
 * older, has one response object for what includes and what is included, and ignores its headers
 * meanwhile but for those whose name has a prefix. Elsewhere what is included has another object.
 */
public final class JettyResponses {
  /** {@code Response.SET_INCLUDE_HEADER_PREFIX}; outside of an include it would be sent. */
  private static final String WHILE_INCLUDING = "org.eclipse.jetty.server.include.";

  private JettyResponses() {}

  /** Sets a header in place of all of its name; null removes them. */
  public static void set(HttpServletResponse response, String name, @Nullable String value) {
    response.setHeader(name, value);
    if (mayIgnore(response)
        && !List.copyOf(response.getHeaders(name))
            .equals(value == null ? List.of() : List.of(value))) {
      response.setHeader(WHILE_INCLUDING + name, value);
    }
  }

  /** Adds a header. */
  public static void add(HttpServletResponse response, String name, String value) {
    response.addHeader(name, value);
    if (mayIgnore(response) && !response.getHeaders(name).contains(value)) {
      response.addHeader(WHILE_INCLUDING + name, value);
    }
  }

  private static boolean mayIgnore(HttpServletResponse response) {
    ServletResponse innermost = response;
    while (innermost instanceof ServletResponseWrapper wrapper) {
      innermost = wrapper.getResponse();
    }
    String type = innermost.getClass().getName();
    return type.startsWith("org.eclipse.jetty.") && type.endsWith(".Response");
  }
}
