package dev.holdfast.servlet;

import dev.holdfast.config.CookieSecure;
import dev.holdfast.security.SessionToken;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Which session a request asks for. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CookieBenchmark {
  private static final String NAME = "__Host-shop-session";

  private final SessionTracking tracking =
      new SessionTracking(
          new SessionCookie(
              NAME, "/", null, -1, CookieSecure.ALWAYS, false, Map.of("SameSite", "Lax")),
          true,
          null,
          null,
          null,
          List.of());
  private final HttpServletRequest request = request();

  private static HttpServletRequest request() {
    Cookie[] cookies = {
      new Cookie("consent", "yes"),
      new Cookie("theme", "dark"),
      new Cookie(NAME, SessionToken.create(new SecureRandom()).value())
    };
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            CookieBenchmark.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> method.getName().equals("getCookies") ? cookies : null);
  }

  /** Among three cookies. */
  @Benchmark
  public Object read() {
    return RequestedId.read(tracking, request);
  }
}
