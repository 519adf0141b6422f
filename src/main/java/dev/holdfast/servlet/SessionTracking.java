package dev.holdfast.servlet;

import dev.holdfast.config.CookieSecure;
import dev.holdfast.config.RouteForm;
import dev.holdfast.config.RouteSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.container.Answers;
import dev.holdfast.container.ContainerCookie;
import dev.holdfast.container.DeploymentDescriptor;
import dev.holdfast.security.SessionToken;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionTrackingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How this application's clients carry their token, read once at start from where Servlet
 * applications say it: {@code <session-config>}, {@code SessionCookieConfig} and the tracking
 * modes.
 *
 * @param cookie the cookie
 * @param useCookie whether the cookie is used
 * @param urlParameter name of the path parameter when URLs are rewritten, or null when they are not
 * @param readUrlParameter name of the path parameter that a client may send, whether or not it
 *     counts; null where web.xml excludes it
 * @param route how clients are told the name of this node; null: they are not
 * @param remarks for the start-up report
 */
record SessionTracking(
    SessionCookie cookie,
    boolean useCookie,
    @Nullable String urlParameter,
    @Nullable String readUrlParameter,
    @Nullable NodeRoute route,
    List<String> remarks) {

  private static final String HOST_PREFIX = "__host-";
  private static final String DEFAULT_PARAMETER = "jsessionid";
  private static final String SAME_SITE = "SameSite";
  private static final String PARTITIONED = "Partitioned";

  /** The default name of the application at the root. */
  private static final String ROOT = "root";

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  /** Attributes that have a place of their own in the cookie. */
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "path",
          "domain",
          "max-age",
          "secure",
          "httponly",
          "expires",
          "comment",
          "version");

  /**
   * Reads and checks everything.
   *
   * @throws IllegalArgumentException listing all faults
   */
  static SessionTracking read(
      ServletContext context,
      DeploymentDescriptor descriptor,
      ContainerCookie config,
      Settings settings) {
    CookieSecure secure = settings.cookieSecure();
    // No other application of the server has it.
    String app = settings.app();
    List<String> faults = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    Map<String, String> attributes = attributes(config.attributes(), faults);
    boolean sameSiteNone = "none".equalsIgnoreCase(attributes.get("SameSite"));
    if ((sameSiteNone || attributes.containsKey(PARTITIONED)) && secure != CookieSecure.ALWAYS) {
      faults.add(
          "the cookie has SameSite=None or Partitioned, which browsers take only with Secure:"
              + " set cookie.secure=always or SameSite=Lax");
    }
    if (config.httpOnlyRefused()) {
      remarks.add(
          "web.xml says <http-only>false</http-only>; the session cookie is HttpOnly all the same");
    }
    String domain = config.domain();
    String path = config.path();
    String configuredName = config.name();
    boolean hostPrefixHolds =
        domain == null && (path == null || path.equals("/")) && secure == CookieSecure.ALWAYS;
    String name;
    if (configuredName != null) {
      name = configuredName;
      if (name.toLowerCase(Locale.ROOT).startsWith("__secure-") && secure != CookieSecure.ALWAYS) {
        faults.add("the cookie name " + name + " needs cookie.secure=always");
      }
      if (name.toLowerCase(Locale.ROOT).startsWith(HOST_PREFIX) && !hostPrefixHolds) {
        faults.add(
            "the cookie name "
                + name
                + " needs Path=/, no Domain and cookie.secure=always (RFC 6265bis, 4.1.3.2), but"
                + " path="
                + path
                + ", domain="
                + domain
                + ", cookie.secure="
                + secure.name().toLowerCase(Locale.ROOT));
      }
    } else {
      boolean isRoot = context.getContextPath().isEmpty() && app.equals(ROOT);
      name = (hostPrefixHolds ? "__Host-" : "") + (isRoot ? "sid" : app + "-sid");
      if (!hostPrefixHolds) {
        remarks.add(
            "the cookie name goes without __Host-, which needs Path=/, no Domain and"
                + " cookie.secure=always");
      }
    }
    if (!TOKEN.matcher(name).matches()) {
      faults.add("the cookie name '" + name + "' is not a token (RFC 6265, 4.1.1)");
    }
    boolean hostPrefixed = name.toLowerCase(Locale.ROOT).startsWith(HOST_PREFIX);
    String contextPath = context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    String cookiePath = path != null ? path : hostPrefixed ? "/" : contextPath;
    checkText("cookie path", cookiePath, faults);
    checkText("cookie domain", domain, faults);
    SessionCookie cookie =
        new SessionCookie(
            name, cookiePath, domain, config.maxAge(), secure, config.secure(), attributes);
    Set<SessionTrackingMode> modes =
        Answers.or(context::getEffectiveSessionTrackingModes, descriptor.declaredModes());
    boolean byUrl =
        modes.contains(SessionTrackingMode.URL) && urlAskedFor(context, descriptor, modes);
    boolean byCookie = modes.contains(SessionTrackingMode.COOKIE) || !byUrl;
    String parameter =
        !modes.contains(SessionTrackingMode.URL)
            ? null
            : configuredName == null ? DEFAULT_PARAMETER : configuredName;
    NodeRoute route = route(settings.route(), app, cookie, byCookie, faults);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return new SessionTracking(
        cookie, byCookie, byUrl ? parameter : null, parameter, route, List.copyOf(remarks));
  }

  private static @Nullable NodeRoute route(
      RouteSettings settings,
      String app,
      SessionCookie cookie,
      boolean byCookie,
      List<String> faults) {
    String node = settings.node();
    if (node == null || settings.form() == RouteForm.SUFFIX) {
      return node == null ? null : new NodeRoute(node, null);
    }
    if (!byCookie) {
      faults.add(
          "route is to be told in a cookie, but web.xml has no tracking mode COOKIE: set"
              + " route.as=suffix");
    }
    // Underscores, because nginx finds no other names in $cookie_...
    String made = app.equals(ROOT) ? "route" : app.replaceAll("[.-]", "_") + "_route";
    String name = Objects.requireNonNullElse(settings.cookie(), made);
    if (name.equals(cookie.name())) {
      faults.add("route.cookie = " + name + ": the session's cookie has this name; choose another");
    }
    return new NodeRoute(node, cookie.named(name));
  }

  /** One line for the start-up report. */
  String describe() {
    return (useCookie ? cookie.describe() : "none")
        + (urlParameter == null ? "" : "; URLs carry ;" + urlParameter + "=");
  }

  /**
   * Containers have URL among their default modes; a token belongs in URLs only where somebody
   * asked for it.
   */
  private static boolean urlAskedFor(
      ServletContext context, DeploymentDescriptor descriptor, Set<SessionTrackingMode> effective) {
    return descriptor.trackingModes().contains("URL")
        || !effective.equals(Answers.or(context::getDefaultSessionTrackingModes, effective));
  }

  private static Map<String, String> attributes(
      Map<String, String> configured, List<String> faults) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put(SAME_SITE, "Lax");
    boolean[] sameSiteChosen = new boolean[1];
    configured.forEach(
        (key, value) -> {
          if (value == null || KNOWN.contains(key.toLowerCase(Locale.ROOT))) {
            return;
          }
          checkText("cookie attribute " + key, value, faults);
          if (!TOKEN.matcher(key).matches()) {
            faults.add("the name of a cookie attribute is not a token (RFC 6265, 4.1.1)");
          } else if (key.equalsIgnoreCase(SAME_SITE)) {
            if (!Set.of("lax", "strict", "none").contains(value.toLowerCase(Locale.ROOT))) {
              faults.add("SameSite is " + value + ", but only Lax, Strict and None exist");
            }
            attributes.put(SAME_SITE, value);
            sameSiteChosen[0] = true;
          } else if (value.equalsIgnoreCase("false")) {
            return;
          } else if (key.equalsIgnoreCase(PARTITIONED)) {
            attributes.put(PARTITIONED, "");
          } else {
            attributes.put(key, value.equalsIgnoreCase("true") ? "" : value);
          }
        });
    if (attributes.containsKey(PARTITIONED)) {
      checkPartitioned(attributes, sameSiteChosen[0], faults);
    }
    return attributes;
  }

  /** Partitioned is for pages inside of other sites, where only SameSite=None is sent. */
  private static void checkPartitioned(
      Map<String, String> attributes, boolean sameSiteChosen, List<String> faults) {
    if (!sameSiteChosen) {
      attributes.put(SAME_SITE, "None");
    } else if (!"none".equalsIgnoreCase(attributes.get(SAME_SITE))) {
      faults.add(
          "the cookie is Partitioned, for pages inside of other sites, where none with SameSite="
              + attributes.get(SAME_SITE)
              + " is sent: say SameSite=None, or leave it out");
    }
  }

  private static void checkText(String subject, @Nullable String value, List<String> faults) {
    if (value != null && !value.chars().allMatch(c -> c > 0x1f && c < 0x7f && c != ';')) {
      faults.add(subject + " holds a character that may not stand in a cookie");
    }
  }

  /** The cookie as a client sends it back, or null when sessions are not tracked by cookie. */
  @Nullable String sentBack(SessionToken token) {
    return useCookie ? cookie.name() + "=" + value(token) : null;
  }

  /** What a client gets for a token. */
  String value(SessionToken token) {
    return route == null ? token.value() : token.value() + route.suffix();
  }

  /** What stands behind the token in a URL; may be empty. */
  String suffix() {
    return route == null ? "" : route.suffix();
  }
}
