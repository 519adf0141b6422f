package dev.holdfast.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a form of the admin view itself from one of another site, which a browser would send with
 * the admin's cookie or password (OWASP Cross-Site Request Forgery Prevention Cheat Sheet: Fetch
 * Metadata, and the origin where a browser sends none).
 */
final class SameOrigin {
  private SameOrigin() {}

  /** Why the request must not act; null when it may. */
  static @Nullable String objection(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin")
          ? null
          : "It was sent by a page of another site (Sec-Fetch-Site is not same-origin)";
    }
    String origin = request.getHeader("Origin");
    if (origin == null) {
      return "Nothing tells which site sent it: it has neither Sec-Fetch-Site nor Origin. A script"
          + " sends the token as a bearer token: Authorization: Bearer ...";
    }
    String own = normal(request.getScheme(), request.getServerName(), request.getServerPort());
    return own.equals(normal(origin))
        ? null
        : "It was sent by a page of another site: its Origin is not the one that the server sees, "
            + own
            + ". Behind a proxy, have it pass the header Host on, or call the view by https";
  }

  private static @Nullable String normal(String origin) {
    try {
      URI uri = new URI(origin);
      return uri.getScheme() == null || uri.getHost() == null
          ? null
          : normal(uri.getScheme(), uri.getHost(), uri.getPort());
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String normal(String scheme, String host, int port) {
    String lower = scheme.toLowerCase(Locale.ROOT);
    int known = port > 0 ? port : lower.equals("https") ? 443 : 80;
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return lower + "://" + plain.toLowerCase(Locale.ROOT) + ":" + known;
  }
}
