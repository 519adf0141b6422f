package dev.holdfast.container.app;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Watches one request: as soon as its response counts as committed, what was set as {@code n} until
 * then must be found on the other node. The request waits meanwhile, so that nothing that is saved
 * later can be mistaken for it. Shared by all dispatches of the request.
 */
final class Watch {

  private static final String ATTRIBUTE = Watch.class.getName();
  private static final Queue<String> VIOLATIONS = new ConcurrentLinkedQueue<>();
  private static final Map<String, String> FINAL = new ConcurrentHashMap<>();

  private final String name;
  private final String elsewhere;
  private final StringBuffer steps = new StringBuffer();
  private String last;
  private boolean committed;

  private Watch(String name, String elsewhere) {
    this.name = name;
    this.elsewhere = elsewhere;
  }

  static Watch begin(HttpServletRequest request, String name, String elsewhere) {
    Watch watch = new Watch(name, elsewhere);
    request.setAttribute(ATTRIBUTE, watch);
    return watch;
  }

  /** That of this request, or null. */
  static Watch of(HttpServletRequest request) {
    return (Watch) request.getAttribute(ATTRIBUTE);
  }

  /** All that was seen wrong so far, in any request. */
  static String violations() {
    return String.join(" | ", VIOLATIONS);
  }

  /** What {@code n} was at the end of a request, and whether the response was committed before. */
  static String end(String name) {
    return String.valueOf(FINAL.remove(name));
  }

  /** A step has been taken. */
  synchronized void after(
      Step step, String result, HttpServletRequest request, HttpServletResponse response) {
    steps.append(step.text()).append("; ");
    if (step.text().startsWith("set n ") && result.equals("done")) {
      last = step.word(2);
    } else if (last != null && request.getSession(false) == null) {
      last = null;
    } else if (step.verb().equals("invalidate")) {
      last = null;
    }
    if (!committed && response.isCommitted()) {
      committed = true;
      String cookie = cookie(request, response);
      if (last != null && cookie != null) {
        compare(cookie);
      }
    }
  }

  void end() {
    FINAL.put(name, last + (committed ? " committed" : " uncommitted"));
  }

  private void compare(String cookie) {
    String found;
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(elsewhere + "/probe?step=get+n").toURL().openConnection();
      connection.setRequestProperty("Cookie", cookie);
      found = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      found = e.toString();
    }
    if (!found.contains("get n -> " + last + "\n")) {
      VIOLATIONS.add(name + " expected " + last + " after " + steps + " but found " + found);
    }
  }

  private static String cookie(HttpServletRequest request, HttpServletResponse response) {
    for (String header : response.getHeaders("Set-Cookie")) {
      if (header.contains("-sid=")) {
        String cookie = header.substring(0, header.indexOf(';'));
        return cookie.endsWith("=") ? null : cookie;
      }
    }
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().endsWith("-sid")) {
          return cookie.getName() + "=" + cookie.getValue();
        }
      }
    }
    return null;
  }
}
