package dev.holdfast.servlet;

import dev.holdfast.config.CookieSecure;
import dev.holdfast.container.JettyResponses;
import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.text.Loggers;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The session cookie as this application sends and reads it. Built from constants and from settings
 * checked at start; nothing of a request goes into it.
 *
 * <p>The name contains that of the application, because the {@code __Host-} prefix forces {@code
 * Path=/}: two applications on one host would overwrite each other's cookie (RFC 6265bis, 4.1.3.2).
 *
 * @param name of the cookie
 * @param path its Path attribute
 * @param domain its Domain attribute, or null
 * @param maxAge seconds, negative for a cookie that ends with the browser
 * @param secure when the cookie is Secure
 * @param attributes more attributes in the order they are sent, SameSite among them; an empty value
 *     is a flag
 */
record SessionCookie(
    String name,
    String path,
    @Nullable String domain,
    int maxAge,
    CookieSecure secure,
    boolean secureConfigured,
    Map<String, String> attributes) {

  private static final String SET_COOKIE = "Set-Cookie";

  /** RFC 9110, 5.6.7. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final OccasionalWarning PLAIN_HTTP =
      new OccasionalWarning(Loggers.of(SessionCookie.class), Duration.ofHours(1));

  /** The cookie of sessions that go on elsewhere, to make clients forget it. */
  static SessionCookie old(String name, String path, @Nullable String domain) {
    return new SessionCookie(name, path, domain, -1, CookieSecure.AUTO, false, Map.of());
  }

  /** The raw values of the cookies of our name, as the client sent them. */
  List<String> values(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null) {
      return List.of();
    }
    List<String> values = new ArrayList<>(1);
    for (Cookie cookie : cookies) {
      if (name.equals(cookie.getName())) {
        values.add(cookie.getValue());
      }
    }
    return values;
  }

  /** Another cookie for the same paths, with the same attributes. */
  SessionCookie named(String other) {
    return new SessionCookie(other, path, domain, maxAge, secure, secureConfigured, attributes);
  }

  /** As {@link #put}, and warns of what makes browsers drop the cookie. */
  void send(HttpServletRequest request, HttpServletResponse response, String value) {
    warnOfPlainHttp(request);
    put(request, response, value);
  }

  /** Puts the cookie into the response, in place of one that is there already. */
  void put(HttpServletRequest request, HttpServletResponse response, String value) {
    replace(response, header(request, value, maxAge));
  }

  /** Makes the client forget the cookie. */
  void expire(HttpServletRequest request, HttpServletResponse response) {
    replace(response, header(request, "", 0));
  }

  /** Takes the cookie out of a response that is not committed. */
  void withdraw(HttpServletResponse response) {
    replace(response, null);
  }

  /** Exactly one cookie of our name per response; Servlet has no call to replace one. */
  private void replace(HttpServletResponse response, @Nullable String header) {
    List<String> others = new ArrayList<>();
    Collection<String> present = response.getHeaders(SET_COOKIE);
    for (String other : present) {
      if (!other.startsWith(name + "=")) {
        others.add(other);
      }
    }
    if (others.size() < present.size()) {
      // Every other cookie is written again: setHeader drops them all with the first one.
      if (header != null) {
        others.add(header);
      }
      JettyResponses.set(response, SET_COOKIE, others.isEmpty() ? null : others.get(0));
      others.stream().skip(1).forEach(other -> JettyResponses.add(response, SET_COOKIE, other));
    } else if (header != null) {
      JettyResponses.add(response, SET_COOKIE, header);
    }
  }

  /** The cookie as it is sent, without a value. */
  String describe() {
    return header(secure == CookieSecure.ALWAYS || secureConfigured, "...", maxAge)
            .replaceFirst("; Expires=[^;]*", "")
        + (secure == CookieSecure.AUTO ? " (Secure on secure requests)" : "");
  }

  private String header(HttpServletRequest request, String value, int age) {
    return header(isSecure(request), value, age);
  }

  private String header(boolean isSecure, String value, int age) {
    StringBuilder header = new StringBuilder(160).append(name).append('=').append(value);
    header.append("; Path=").append(path);
    if (domain != null) {
      header.append("; Domain=").append(domain);
    }
    if (age >= 0) {
      // Expires is for clients that do not know Max-Age; containers send it, too.
      Instant end = age == 0 ? Instant.EPOCH : Instant.now().plusSeconds(age);
      header.append("; Max-Age=").append(age);
      header.append("; Expires=").append(HTTP_DATE.format(end));
    }
    if (isSecure) {
      header.append("; Secure");
    }
    header.append("; HttpOnly");
    attributes.forEach(
        (key, setting) -> {
          header.append("; ").append(key);
          if (!setting.isEmpty()) {
            header.append('=').append(setting);
          }
        });
    return header.toString();
  }

  private boolean isSecure(HttpServletRequest request) {
    return switch (secure) {
      case ALWAYS -> true;
      case AUTO -> secureConfigured || request.isSecure();
      case NEVER -> false;
    };
  }

  /**
   * Warns once in a while: a browser drops a Secure cookie that comes over plain HTTP, unless from
   * its own machine.
   */
  private void warnOfPlainHttp(HttpServletRequest request) {
    if (secure != CookieSecure.ALWAYS
        || request.isSecure()
        || isLoopback(request.getServerName())
        || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"))) {
      return;
    }
    PLAIN_HTTP.log(
        () ->
            "The session cookie "
                + name
                + " is Secure, but this request came over plain HTTP: the browser will drop the"
                + " cookie and every request will start a new session. If TLS ends at a proxy in"
                + " front, all is well. If the site really is on plain HTTP, set"
                + " holdfast.cookie.secure=auto.");
  }

  private static boolean isLoopback(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.startsWith("127.")
        || name.equals("::1")
        || name.equals("[::1]");
  }
}
