package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The token as a path parameter ({@code /page;jsessionid=...}), for applications whose web.xml asks
 * for it.
 */
final class UrlTracking {
  private UrlTracking() {}

  /** The value of the path parameter in a request URI, or null. */
  static @Nullable String value(String requestUri, String parameter) {
    String start = ";" + parameter + "=";
    int from = requestUri.indexOf(start);
    if (from < 0) {
      return null;
    }
    int end = from + start.length();
    while (end < requestUri.length() && ";/?#".indexOf(requestUri.charAt(end)) < 0) {
      end++;
    }
    return requestUri.substring(from + start.length(), end);
  }

  /**
   * Adds the parameter before the query and the fragment. Leaves alone what leads elsewhere:
   * another scheme, host, port or context path, a reference to this page, a URL that has the
   * parameter already (as Tomcat does).
   */
  static String encode(
      String url, String parameter, SessionToken token, HttpServletRequest request) {
    String start = ";" + parameter + "=";
    if (isThisPage(url) || url.contains(start) || !leadsHere(url, request)) {
      return url;
    }
    int end = url.length();
    for (char delimiter : new char[] {'?', '#'}) {
      int at = url.indexOf(delimiter);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    return url.substring(0, end) + start + token.value() + url.substring(end);
  }

  /**
   * A parameter at the beginning of a reference would replace the page's name (RFC 3986, 5.2.2).
   */
  private static boolean isThisPage(String url) {
    return url.isEmpty() || url.startsWith("#") || url.startsWith("?");
  }

  private static boolean leadsHere(String url, HttpServletRequest request) {
    String context = request.getContextPath();
    URI target;
    try {
      target = new URI(url.replace(" ", "%20"));
    } catch (URISyntaxException e) {
      return false;
    }
    String path = target.getRawPath();
    if (target.getScheme() != null || target.getRawAuthority() != null) {
      String scheme = target.getScheme() == null ? request.getScheme() : target.getScheme();
      int port = target.getPort() >= 0 ? target.getPort() : defaultPort(scheme);
      if (!scheme.equalsIgnoreCase(request.getScheme())
          || !request.getServerName().equalsIgnoreCase(target.getHost())
          || port != request.getServerPort()) {
        return false;
      }
    } else if (path == null || !path.startsWith("/")) {
      return true;
    }
    return path != null && (path.equals(context) || path.startsWith(context + "/"));
  }

  private static int defaultPort(String scheme) {
    return scheme.equalsIgnoreCase("https") ? 443 : 80;
  }
}
