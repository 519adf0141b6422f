package dev.holdfast.servlet;

import dev.holdfast.security.SessionToken;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The token as a path parameter ({@code /page;jsessionid=...}), for applications whose web.xml asks
 * for it.
 */
final class UrlTracking {

  /** Scheme, authority, path; the rest is query and fragment (RFC 3986, appendix B). */
  private static final Pattern REFERENCE =
      Pattern.compile("(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*).*", Pattern.DOTALL);

  /**
   * Browsers read a backslash as a slash and leave out blanks at the ends and control characters.
   */
  private static final Pattern READ_IN_TWO_WAYS =
      Pattern.compile("\\\\|\\p{Cntrl}|^[ :]| $|%(?![0-9A-Fa-f]{2})");

  /** A server and nothing of a path. */
  private static final Pattern WITHOUT_PATH = Pattern.compile("(?:[^:/?#]+:)?//[^/?#]*");

  /** Most servers refuse these in a path; the others disagree on whether they end a segment. */
  private static final Pattern ENCODED_SLASH = Pattern.compile("%2f|%5c", Pattern.CASE_INSENSITIVE);

  private static final Pattern DOT = Pattern.compile("%2e", Pattern.CASE_INSENSITIVE);

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
   * parameter already (as Tomcat does); and what browser and server may read differently.
   *
   * @param url relative to what the client asked for, or absolute
   * @param suffix what stands behind the token; may be empty
   * @param context the path of the application
   */
  static String encode(
      String url,
      String parameter,
      SessionToken token,
      String suffix,
      HttpServletRequest request,
      String context) {
    String start = ";" + parameter + "=";
    if (isThisPage(url) || url.contains(start) || !leadsHere(url, request, context)) {
      return url;
    }
    int end = url.length();
    for (char delimiter : new char[] {'?', '#'}) {
      int at = url.indexOf(delimiter);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    String page = url.substring(0, end);
    // Tomcat adds the path too: without one, the parameter would be part of the host.
    String path = WITHOUT_PATH.matcher(page).matches() ? "/" : "";
    return page + path + start + token.value() + suffix + url.substring(end);
  }

  /**
   * A reference to this page: a parameter at its beginning would replace the page's name (RFC 3986,
   * 5.2.2).
   */
  private static boolean isThisPage(String url) {
    return url.isEmpty() || url.startsWith("#") || url.startsWith("?");
  }

  private static boolean leadsHere(String url, HttpServletRequest request, String context) {
    Matcher parts = REFERENCE.matcher(url);
    if (READ_IN_TWO_WAYS.matcher(url).find() || !parts.matches()) {
      return false;
    }
    String scheme = parts.group(1);
    String authority = parts.group(2);
    String path = parts.group(3);
    if (scheme != null && !scheme.equalsIgnoreCase(request.getScheme())) {
      return false;
    }
    if (authority != null) {
      return isThisServer(authority, request) && isInContext(path.isEmpty() ? "/" : path, context);
    }
    // "http:page" is relative to one browser and a host to another (RFC 3986, 5.4.2).
    return scheme == null
        && isInContext(path.startsWith("/") ? path : folderOf(request) + path, context);
  }

  private static boolean isThisServer(String authority, HttpServletRequest request) {
    int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String port = colon < 0 ? "" : authority.substring(colon + 1);
    int expected = request.getServerPort();
    boolean isDefault = expected == ("https".equalsIgnoreCase(request.getScheme()) ? 443 : 80);
    return host.equalsIgnoreCase(request.getServerName())
        && (port.equals(String.valueOf(expected)) || (port.isEmpty() && isDefault));
  }

  /** The folder of the page that the client asked for, whatever it was forwarded to. */
  private static String folderOf(HttpServletRequest request) {
    String uri = request.getRequestURI();
    for (String original :
        new String[] {RequestDispatcher.FORWARD_REQUEST_URI, RequestDispatcher.ERROR_REQUEST_URI}) {
      if (request.getAttribute(original) instanceof String page) {
        uri = page;
        break;
      }
    }
    return uri.substring(0, uri.lastIndexOf('/') + 1);
  }

  /**
   * Whether the path is in the context: as a browser resolves it, as a client that merges slashes
   * resolves it, and as a server reads it that then drops path parameters.
   */
  private static boolean isInContext(String path, String contextPath) {
    String context = decoded(contextPath);
    String dotted = DOT.matcher(path).replaceAll(".");
    String received = withoutParameters(resolved(dotted, true));
    return !ENCODED_SLASH.matcher(path).find()
        && isBelow(received, context)
        && isBelow(resolved(received, false), context)
        && isBelow(withoutParameters(resolved(dotted, false)), context);
  }

  private static String withoutParameters(String path) {
    return decoded(path.replaceAll(";[^/]*", ""));
  }

  private static boolean isBelow(String path, String context) {
    return path.equals(context) || path.startsWith(context + "/");
  }

  /** The path without dot segments, and without empty ones unless they are to be kept. */
  private static String resolved(String path, boolean keepEmpty) {
    Deque<String> segments = new ArrayDeque<>();
    boolean folder = false;
    for (String segment : path.substring(1).split("/", -1)) {
      folder = segment.isEmpty() || segment.equals(".") || segment.equals("..");
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.equals(".") && (keepEmpty || !segment.isEmpty())) {
        segments.addLast(segment);
      }
    }
    return "/" + String.join("/", segments) + (folder && !keepEmpty ? "/" : "");
  }

  private static String decoded(String path) {
    return path.indexOf('%') < 0
        ? path
        : URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
