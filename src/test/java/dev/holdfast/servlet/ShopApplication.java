package dev.holdfast.servlet;

import static java.util.Objects.requireNonNull;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.ClassesByLocation;
import dev.holdfast.config.CookieSecure;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Login;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvents;
import dev.holdfast.session.SessionManager;
import dev.holdfast.store.SessionStore;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The application {@code /shop} on two nodes over the Redis of the tests. One node takes requests
 * that a test makes by hand; its store can be cut off, and counts what it is asked. The other node
 * says what is really stored.
 */
final class ShopApplication implements AutoCloseable {
  static final String COOKIE = "__Host-shop-sid";

  /** The cookie for the name of the node that takes requests, and the name. */
  static final String ROUTE = "shop_route";

  static final String NODE = "node-1";

  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final String URL_PARAMETER = "jsessionid";
  private static final Set<String> READS = Set.of("load", "check");
  private static final Set<String> WRITES = Set.of("create", "save");

  /** What a store does without being reached. */
  private static final Set<String> LOCAL = Set.of("now", "users", "whenRestored", "close");

  private static final SessionCookie SESSION_COOKIE =
      new SessionCookie(
          COOKIE, "/", null, -1, CookieSecure.ALWAYS, false, Map.of("SameSite", "Lax"));

  private final Queue<Counter> counted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private volatile boolean cutOff;

  private final ActingRequests acting = new ActingRequests(null);
  private final SessionManager here;
  private final SessionManager there;
  private final WebApplication byCookie;
  private final WebApplication byUrl;
  private final WebApplication routed;
  private final WebApplication suffixed;

  ShopApplication() {
    Settings settings =
        TestSettings.of(
            RunningRedis.shared().uri(),
            "redis.timeout",
            "2s",
            "expiry.interval",
            "2m",
            "unserializable",
            "refuse");
    here = manager(watched(store(settings)), settings);
    there = manager(store(settings), settings);
    byCookie = application(settings, null, null);
    byUrl = application(settings, URL_PARAMETER, null);
    routed = application(settings, null, new NodeRoute(NODE, SESSION_COOKIE.named(ROUTE)));
    suffixed = application(settings, URL_PARAMETER, new NodeRoute(NODE, null));
  }

  @Override
  public void close() {
    here.close();
    there.close();
  }

  private static SessionStore store(Settings settings) {
    return new SealedSessionStore(
        new RedisSessionStore(settings),
        Sealing.of(settings, ShopApplication.class.getClassLoader()),
        SecurityEvents.logging(),
        Login::isReadable);
  }

  private SessionManager manager(SessionStore store, Settings settings) {
    ClassLoader loader = ShopApplication.class.getClassLoader();
    return new SessionManager(
        store,
        new AttributeCodec(
            new ClassAllowList(
                loader, ClassesByLocation.ofTests(loader), settings.codec().allowed()),
            settings.limits().attributeBytes()),
        settings,
        counted::add,
        SessionEvents.NONE,
        SecurityEvents.logging());
  }

  private SessionStore watched(SessionStore store) {
    return (SessionStore)
        Proxy.newProxyInstance(
            ShopApplication.class.getClassLoader(),
            new Class<?>[] {SessionStore.class},
            (proxy, method, arguments) -> {
              String call = method.getName();
              if (READS.contains(call)) {
                reads.incrementAndGet();
              }
              if (WRITES.contains(call)) {
                writes.incrementAndGet();
              }
              if (cutOff && !LOCAL.contains(call)) {
                throw new SessionStoreUnavailableException(call + ": cut off by the test", null);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private WebApplication application(
      Settings settings, @Nullable String urlParameter, @Nullable NodeRoute route) {
    ServletContext context =
        (ServletContext)
            Proxy.newProxyInstance(
                ShopApplication.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> {
                  if (!method.getName().equals("getContextPath")) {
                    throw new UnsupportedOperationException(method.getName());
                  }
                  return "/shop";
                });
    return new WebApplication(
        context,
        here,
        new SessionTracking(SESSION_COOKIE, true, urlParameter, urlParameter, route, List.of()),
        new LoginWatch(settings.login(), new UserNames(ShopApplication.class.getClassLoader())),
        new PassiveRequests(settings.lifetime()),
        new LockedRequests(settings.lock()),
        new RefusedRequests(
            new OccasionalWarning(
                System.getLogger(ShopApplication.class.getName()), Duration.ofSeconds(10)),
            counted::add,
            settings.retryAfter()),
        HALF_HOUR,
        counted::add,
        SecurityEvents.logging());
  }

  // Requests

  /** The request of a client that has the cookie of a session. */
  static Exchange with(SessionToken token) {
    return with(Exchange.Kind.TOMCAT, token);
  }

  /** The same in a container of that kind. */
  static Exchange with(Exchange.Kind kind, SessionToken token) {
    return new Exchange(kind).cookie(COOKIE, token.value());
  }

  /** The first dispatch of a request begins. */
  RequestScope open(Exchange exchange) {
    return open(exchange, byCookie);
  }

  /** The same where web.xml asks for URL tracking besides the cookie. */
  RequestScope openByUrl(Exchange exchange) {
    return open(exchange, byUrl);
  }

  /** The same where this node tells its name in a cookie. */
  RequestScope openRouted(Exchange exchange) {
    return open(exchange, routed);
  }

  /** The same where this node puts its name behind the token, and URLs are rewritten too. */
  RequestScope openSuffixed(Exchange exchange) {
    return open(exchange, suffixed);
  }

  private RequestScope open(Exchange exchange, WebApplication application) {
    HttpServletRequest request = exchange.request();
    RequestScope scope =
        new RequestScope(
            application,
            session -> session.facade(WebSession.class, made -> facade(made, application)),
            null,
            acting,
            request,
            exchange.response);
    scope.enter(request, exchange.response);
    return scope;
  }

  private WebSession facade(Session session, WebApplication application) {
    return new WebSession(session, application, acting);
  }

  /** The session of a request, made if there is none. */
  static Session session(RequestScope scope) {
    return requireNonNull(scope.session(true));
  }

  /** The session that a request has found. */
  static Session found(RequestScope scope) {
    return requireNonNull(scope.session(false));
  }

  /**
   * The request ends, and the container sends what is left.
   *
   * @return whether the response was taken over
   */
  static boolean end(RequestScope scope, Exchange exchange) throws IOException {
    boolean takenOver = scope.end();
    exchange.response.finish();
    return takenOver;
  }

  /** The {@code Set-Cookie} fields of our name that the client got. */
  static List<String> cookies(Exchange exchange) {
    return exchange.response.sent("Set-Cookie").stream()
        .filter(field -> field.startsWith(COOKIE + "="))
        .toList();
  }

  /** The token in a {@code Set-Cookie} field of our name; null when it is to be forgotten. */
  static @Nullable SessionToken tokenIn(String setCookie) {
    return SessionToken.parse(setCookie.substring(COOKIE.length() + 1, setCookie.indexOf(';')));
  }

  // Store

  /** The node that takes the requests. */
  SessionManager here() {
    return here;
  }

  /** The other one. */
  SessionManager there() {
    return there;
  }

  /** Stores a session that the node which takes requests has never seen. */
  SessionToken newStored(String name, Object value) {
    Session session = there.create(HALF_HOUR);
    session.attribute(name, value);
    there.commit(session);
    there.release(session);
    return session.token();
  }

  /** Whether the token opens a stored session. */
  boolean opens(SessionToken token) {
    Session session = there.join(token).session();
    if (session != null) {
      there.release(session);
    }
    return session != null;
  }

  /** What is stored; null when the token opens nothing. */
  @Nullable Object stored(SessionToken token, String name) {
    Session session = there.join(token).session();
    if (session == null) {
      return null;
    }
    try {
      return session.attribute(name);
    } finally {
      there.release(session);
    }
  }

  /** On the other node somebody logs in to the session. */
  void logInThere(SessionToken token) {
    Session session = requireNonNull(there.join(token).session());
    there.rotate(session);
    there.commit(session);
    there.release(session);
  }

  /** While true, the node that takes requests cannot reach its store. */
  void cutOff(boolean cut) {
    cutOff = cut;
  }

  /** How often that node has asked for a session. */
  int reads() {
    return reads.get();
  }

  /** How often it has written one. */
  int writes() {
    return writes.get();
  }

  /** What was counted. */
  Queue<Counter> counted() {
    return counted;
  }

  /** Makes the next test start from nothing. */
  void forget() {
    cutOff = false;
    reads.set(0);
    writes.set(0);
    counted.clear();
  }
}
