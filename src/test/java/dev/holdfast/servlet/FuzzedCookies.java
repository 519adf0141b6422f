package dev.holdfast.servlet;

import dev.holdfast.config.CookieSecure;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cookies of a request as this package reads them, for the fuzzer. */
public final class FuzzedCookies {
  private static final SessionCookie COOKIE =
      new SessionCookie("__Host-sid", "/", null, -1, CookieSecure.ALWAYS, false, Map.of());

  private FuzzedCookies() {}

  /** The values of our cookies, for a cookie header whose cookies a semicolon ends. */
  public static List<String> values(String header) {
    List<Cookie> cookies = new ArrayList<>();
    for (String pair : header.split(";", -1)) {
      int equals = pair.indexOf('=');
      try {
        cookies.add(
            new Cookie(pair.substring(0, Math.max(0, equals)).strip(), pair.substring(equals + 1)));
      } catch (IllegalArgumentException e) {
        // No container makes such a cookie.
      }
    }
    HttpServletRequest request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                FuzzedCookies.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> cookies.toArray(new Cookie[0]));
    return COOKIE.values(request);
  }
}
