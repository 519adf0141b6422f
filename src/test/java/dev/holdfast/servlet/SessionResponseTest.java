package dev.holdfast.servlet;

import static dev.holdfast.servlet.ShopApplication.COOKIE;
import static dev.holdfast.servlet.ShopApplication.cookies;
import static dev.holdfast.servlet.ShopApplication.end;
import static dev.holdfast.servlet.ShopApplication.found;
import static dev.holdfast.servlet.ShopApplication.session;
import static dev.holdfast.servlet.ShopApplication.tokenIn;
import static dev.holdfast.servlet.ShopApplication.with;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.security.SessionToken;
import dev.holdfast.servlet.Exchange.Kind;
import dev.holdfast.session.Session;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the client gets through the wrapped response, and what the store has by then. The client's
 * end and the container's are {@link Exchange}'s; sessions are in a real Redis.
 */
class SessionResponseTest {
  private static final String CACHE_CONTROL = "Cache-Control";
  private static final String FOR_ALL = "public, max-age=60";

  private static ShopApplication shop;

  /** What an application does with its response. */
  private interface Act {
    void on(SessionResponse response) throws IOException;
  }

  @BeforeAll
  static void openTheShop() {
    shop = new ShopApplication();
  }

  @AfterAll
  static void closeIt() {
    shop.close();
  }

  @AfterEach
  void forget() {
    shop.forget();
  }

  private static SessionResponse response(Exchange exchange, RequestScope scope) {
    return new SessionResponse(exchange.response, scope);
  }

  private static void repeat(int times, String text, PrintWriter writer) {
    for (int i = 0; i < times; i++) {
      writer.print(text);
    }
  }

  // What commits the response

  private static Map<String, Act> waysToCommit() {
    Map<String, Act> ways = new LinkedHashMap<>();
    ways.put("the end of the request", response -> response.getWriter().print("page"));
    ways.put("flushBuffer", response -> response.flushBuffer());
    ways.put("flush of the writer", response -> response.getWriter().flush());
    ways.put("close of the writer", response -> response.getWriter().close());
    ways.put("flush of the stream", response -> response.getOutputStream().flush());
    ways.put("close of the stream", response -> response.getOutputStream().close());
    ways.put("text in pieces", response -> repeat(1_000, "page page ", response.getWriter()));
    ways.put("text at once", response -> response.getWriter().print("page".repeat(3_000)));
    ways.put("a format", response -> response.getWriter().printf("%9000s", "page"));
    ways.put(
        "text of many bytes",
        response -> {
          response.setCharacterEncoding("UTF-8");
          repeat(1_000, "\u65e5\u672c\u65e5\u672c", response.getWriter());
        });
    ways.put(
        "bytes in pieces",
        response -> {
          for (int i = 0; i < 1_000; i++) {
            response.getOutputStream().write("page page ".getBytes(UTF_8));
          }
        });
    ways.put(
        "bytes at once",
        response -> response.getOutputStream().write("page".repeat(3_000).getBytes(UTF_8)));
    ways.put(
        "a small buffer",
        response -> {
          response.setBufferSize(64);
          repeat(10, "page page ", response.getWriter());
        });
    ways.put(
        "a buffer that is made smaller",
        response -> {
          response.getWriter().print("page");
          response.resetBuffer();
          response.setBufferSize(64);
          repeat(10, "page page ", response.getWriter());
        });
    ways.put("setContentLength", withLength(response -> response.setContentLength(4)));
    ways.put("setContentLengthLong", withLength(response -> response.setContentLengthLong(4)));
    ways.put("setHeader", withLength(response -> response.setHeader("content-length", "4")));
    ways.put("addHeader", withLength(response -> response.addHeader("Content-Length", "4")));
    ways.put("setIntHeader", withLength(response -> response.setIntHeader("Content-Length", 4)));
    ways.put("addIntHeader", withLength(response -> response.addIntHeader("Content-Length", 4)));
    ways.put(
        "a length after the body",
        response -> {
          response.getWriter().print("page");
          response.setContentLength(4);
        });
    ways.put("sendError(status)", response -> response.sendError(418));
    ways.put("sendError(status, message)", response -> response.sendError(418, "page"));
    ways.put("sendRedirect(url)", response -> response.sendRedirect("page"));
    ways.put("sendRedirect(url, clear)", response -> response.sendRedirect("page", false));
    ways.put("sendRedirect(url, status)", response -> response.sendRedirect("page", 303));
    ways.put(
        "sendRedirect(url, status, clear)", response -> response.sendRedirect("page", 303, true));
    return ways;
  }

  private static Act withLength(Act declared) {
    return response -> {
      declared.on(response);
      response.getWriter().print("page");
    };
  }

  private static Stream<Arguments> commits() {
    List<Arguments> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      waysToCommit().forEach((name, way) -> all.add(argumentSet(kind + " " + name, kind, way)));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("commits")
  void aNewSessionIsStoredBeforeTheFirstByteAndItsCookieArrives(Kind kind, Act way)
      throws IOException {
    Exchange exchange = new Exchange(kind);
    RequestScope scope = shop.open(exchange);
    Session session = session(scope);
    session.attribute("color", "red");
    List<Object> stored = new ArrayList<>();
    exchange.response.beforeFirstByte(() -> stored.add(shop.stored(session.token(), "color")));

    way.on(response(exchange, scope));
    end(scope, exchange);

    assertThat(stored).containsExactly("red");
    assertThat(cookies(exchange))
        .singleElement()
        .satisfies(cookie -> assertThat(tokenIn(cookie)).isEqualTo(session.token()));
    assertThat(directives(exchange, CACHE_CONTROL)).contains("no-store");
  }

  @ParameterizedTest
  @MethodSource("commits")
  void aChangedIdIsStoredBeforeTheFirstByteAndItsCookieArrives(Kind kind, Act way)
      throws IOException {
    SessionToken old = shop.newStored("color", "red");
    Exchange exchange = with(kind, old);
    RequestScope scope = shop.open(exchange);
    Session session = found(scope);
    scope.changeSessionId();
    List<Object> stored = new ArrayList<>();
    exchange.response.beforeFirstByte(() -> stored.add(shop.stored(session.token(), "color")));

    way.on(response(exchange, scope));
    end(scope, exchange);

    assertThat(stored).as("by the new id").containsExactly("red");
    assertThat(cookies(exchange))
        .singleElement()
        .satisfies(cookie -> assertThat(tokenIn(cookie)).isEqualTo(session.token()));
    assertThat(shop.opens(old)).as("the old id").isFalse();
  }

  @ParameterizedTest
  @MethodSource("commits")
  void whatCannotBeStoredIsAnswered503AndNothingOfItLeaves(Kind kind, Act way) throws IOException {
    Exchange exchange = new Exchange(kind);
    RequestScope scope = shop.open(exchange);
    session(scope).attribute("color", "red");
    shop.cutOff(true);

    try {
      way.on(response(exchange, scope));
    } catch (SessionStoreUnavailableException e) {
      // There are applications that catch everything.
    }
    boolean takenOver = end(scope, exchange);

    assertThat(takenOver).isTrue();
    assertThat(exchange.response.sentStatus()).isEqualTo(503);
    assertThat(exchange.response.sent("Retry-After")).containsExactly("2");
    assertThat(exchange.response.sent("Location")).isEmpty();
    assertThat(cookies(exchange)).isEmpty();
    assertThat(new String(exchange.response.sentBody(), ISO_8859_1)).doesNotContain("page");
  }

  // What costs a round trip

  @Test
  void aPageThatFitsTheBufferIsSavedOnceWhenTheRequestEnds() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    session(scope).attribute("color", "red");

    repeat(800, "page page ", response(exchange, scope).getWriter());
    assertThat(shop.writes()).isZero();

    end(scope, exchange);
    assertThat(shop.writes()).isEqualTo(1);
  }

  @Test
  void whatWasThrownAwayDoesNotCountAsWritten() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    session(scope).attribute("color", "red");

    repeat(500, "page page ", response.getWriter());
    response.resetBuffer();
    repeat(500, "page page ", response.getWriter());
    response.reset();
    repeat(500, "page page ", response.getWriter());

    assertThat(shop.writes()).isZero();
    end(scope, exchange);
  }

  @Test
  void aLengthThatWasResetDoesNotCountAsDeclared() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    session(scope).attribute("color", "red");

    response.setContentLength(4);
    response.reset();
    response.getWriter().print("page page ");

    assertThat(shop.writes()).isZero();
    end(scope, exchange);
  }

  // Stream and writer are the container's

  @Test
  void whetherThereMayBeAStreamOrAWriterTheContainerSays() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);

    assertThat(response.getWriter()).isSameAs(response.getWriter());
    assertThatThrownBy(response::getOutputStream).isInstanceOf(IllegalStateException.class);

    response.reset();
    assertThat(response.getOutputStream()).isSameAs(response.getOutputStream());
    assertThatThrownBy(response::getWriter).isInstanceOf(IllegalStateException.class);
    end(scope, exchange);
  }

  @Test
  void afterAResetTheWriterIsTheOneThatTheContainerHasNow() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    response.setCharacterEncoding("ISO-8859-1");
    response.getWriter().print("page");

    response.reset();
    response.setCharacterEncoding("UTF-8");
    response.getWriter().print("gr\u00f6\u00dfe");
    end(scope, exchange);

    assertThat(exchange.response.sentBody()).isEqualTo("gr\u00f6\u00dfe".getBytes(UTF_8));
  }

  // The cookie stays in the headers

  private static Stream<Arguments> lossesOfHeaders() {
    return Stream.of(
        argumentSet("reset", (Act) SessionResponse::reset),
        argumentSet(
            "reset twice",
            (Act)
                response -> {
                  response.reset();
                  response.reset();
                }),
        argumentSet(
            "setHeader",
            (Act)
                response -> {
                  response.setHeader("Set-Cookie", "a=1");
                  response.reset();
                  response.setHeader("set-cookie", "theirs=1");
                }));
  }

  @ParameterizedTest
  @MethodSource("lossesOfHeaders")
  void theCookieOutlivesWhatClearsTheHeaders(Act loss) throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    Session session = session(scope);
    response.setHeader("X-Before", "yes");

    loss.on(response);
    response.flushBuffer();

    assertThat(exchange.response.sent("X-Before")).as("a header from before").isEmpty();
    assertThat(cookies(exchange))
        .singleElement()
        .satisfies(cookie -> assertThat(tokenIn(cookie)).isEqualTo(session.token()));
    assertThat(directives(exchange, CACHE_CONTROL)).contains("no-store");
    end(scope, exchange);
  }

  @Test
  void aCookieOfTheApplicationStandsBesideOurs() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    Session session = session(scope);

    response.setHeader("Set-Cookie", "theirs=1");
    response.addHeader("Set-Cookie", "more=2");
    response.flushBuffer();

    assertThat(exchange.response.sent("Set-Cookie"))
        .hasSize(3)
        .contains("theirs=1", "more=2")
        .anyMatch(field -> field.startsWith(COOKIE + "=" + session.token().value()));
    end(scope, exchange);
  }

  @ParameterizedTest
  @MethodSource("lossesOfHeaders")
  void theEndOfACookieOutlivesThemToo(Act loss) throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);
    scope.invalidate(found(scope));

    SessionResponse response = response(exchange, scope);
    loss.on(response);
    response.flushBuffer();

    assertThat(cookies(exchange))
        .singleElement()
        .satisfies(cookie -> assertThat(cookie).startsWith(COOKIE + "=;").contains("Max-Age=0"));
    assertThat(directives(exchange, CACHE_CONTROL)).contains("no-store");
    end(scope, exchange);
  }

  @ParameterizedTest
  @MethodSource("lossesOfHeaders")
  void whereThereIsNoCookieNoneAppears(Act loss) throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);
    found(scope).attribute("color", "blue");

    SessionResponse response = response(exchange, scope);
    loss.on(response);
    response.flushBuffer();

    assertThat(cookies(exchange)).isEmpty();
    end(scope, exchange);
  }

  // No cache keeps a response with our cookie

  /** What caches are told by a header, as they read it. */
  private static List<String> directives(Exchange exchange, String header) {
    return exchange.response.sent(header).stream()
        .map(field -> field.replaceAll("\"[^\"]*\"", ""))
        .flatMap(field -> Stream.of(field.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  /** When the application says what caches may do. */
  private enum When {
    BEFORE_THE_COOKIE,
    AFTER_THE_COOKIE,
    AFTER_A_SAVE
  }

  private static Stream<Arguments> wordsToCaches() {
    Map<String, Act> words = new LinkedHashMap<>();
    words.put("nothing", response -> {});
    words.put("setHeader", response -> response.setHeader(CACHE_CONTROL, FOR_ALL));
    words.put("setHeader, small", response -> response.setHeader("cache-control", FOR_ALL));
    words.put("addHeader", response -> response.addHeader(CACHE_CONTROL, FOR_ALL));
    words.put(
        "no-store in quotes",
        response -> response.setHeader(CACHE_CONTROL, "private=\"no-store\""));
    words.put("setDateHeader", response -> response.setDateHeader("Expires", 4_102_444_800_000L));
    words.put("for a CDN", response -> response.setHeader("CDN-Cache-Control", FOR_ALL));
    words.put("for a surrogate", response -> response.addHeader("surrogate-control", FOR_ALL));
    List<Arguments> all = new ArrayList<>();
    for (When when : When.values()) {
      words.forEach(
          (name, word) -> {
            all.add(argumentSet(when + " " + name + ", then flush", when, word, true));
            all.add(argumentSet(when + " " + name + ", then the end", when, word, false));
          });
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("wordsToCaches")
  void aResponseWithOurCookieIsForNoCacheWhateverTheApplicationSays(
      When when, Act word, boolean flush) throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);

    if (when == When.BEFORE_THE_COOKIE) {
      word.on(response);
    }
    session(scope).attribute("color", "red");
    if (when == When.AFTER_THE_COOKIE) {
      word.on(response);
    }
    if (when == When.AFTER_A_SAVE) {
      scope.save();
      word.on(response);
    }
    if (flush) {
      response.flushBuffer();
    }
    end(scope, exchange);

    assertThat(cookies(exchange)).hasSize(1);
    assertThat(directives(exchange, CACHE_CONTROL)).contains("no-store");
    for (String own : List.of("CDN-Cache-Control", "Surrogate-Control")) {
      if (!exchange.response.sent(own).isEmpty()) {
        assertThat(directives(exchange, own)).as(own).containsExactly("no-store");
      }
    }
  }

  @Test
  void whatTheApplicationSaysIsReplacedAndNotMerelyContradicted() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    session(scope);

    response.setHeader(CACHE_CONTROL, FOR_ALL);
    response.setHeader("CDN-Cache-Control", FOR_ALL);
    response.flushBuffer();

    assertThat(exchange.response.sent(CACHE_CONTROL)).containsExactly("no-store");
    assertThat(exchange.response.sent("CDN-Cache-Control")).containsExactly("no-store");
    end(scope, exchange);
  }

  @Test
  void anApplicationThatForbidsStoringKeepsItsWords() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    session(scope);

    response.setHeader(CACHE_CONTROL, "private, No-Store, max-age=0");
    response.flushBuffer();

    assertThat(exchange.response.sent(CACHE_CONTROL))
        .containsExactly("private, No-Store, max-age=0");
    end(scope, exchange);
  }

  @Test
  void aResponseWithoutOurCookieMayBeKept() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red"));
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    found(scope).attribute("color", "blue");

    response.setHeader(CACHE_CONTROL, FOR_ALL);
    response.flushBuffer();

    assertThat(exchange.response.sent(CACHE_CONTROL)).containsExactly(FOR_ALL);
    end(scope, exchange);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterAnErrorTheApplicationTellsCachesNothingMore(boolean message) throws IOException {
    Exchange exchange = new Exchange(Kind.JETTY);
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    session(scope);

    if (message) {
      response.sendError(404, "no such page");
    } else {
      response.sendError(404);
    }
    response.setHeader(CACHE_CONTROL, FOR_ALL);
    response.addHeader("Surrogate-Control", FOR_ALL);
    response.setHeader("X-Other", "yes");
    end(scope, exchange);

    assertThat(exchange.response.sent(CACHE_CONTROL)).containsExactly("no-store");
    assertThat(exchange.response.sent("Surrogate-Control")).isEmpty();
    assertThat(exchange.response.sent("X-Other")).containsExactly("yes");
  }

  @Test
  void anErrorWithoutOurCookieMayBeKept() throws IOException {
    Exchange exchange = new Exchange(Kind.JETTY);
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);

    response.sendError(404);
    response.setHeader(CACHE_CONTROL, FOR_ALL);
    end(scope, exchange);

    assertThat(exchange.response.sent(CACHE_CONTROL)).containsExactly(FOR_ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"private, no-store", FOR_ALL})
  void theErrorPageSpeaksToCachesAndIsCheckedInItsTurn(String word) throws IOException {
    Exchange exchange = new Exchange(Kind.JETTY);
    RequestScope scope = shop.open(exchange);
    session(scope);
    response(exchange, scope).sendError(404);
    scope.end();

    exchange.response.errorPageBegins();
    scope.enter(exchange.dispatched(DispatcherType.ERROR), exchange.response);
    response(exchange, scope).setHeader(CACHE_CONTROL, word);
    end(scope, exchange);

    assertThat(exchange.response.sent(CACHE_CONTROL))
        .containsExactly(word.equals(FOR_ALL) ? "no-store" : word);
  }

  // Errors after the store has failed

  @Test
  void anErrorOfTheApplicationAfterTheStoreHasFailedIsThatFailure() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    session(scope).attribute("color", "red");
    shop.cutOff(true);
    assertThatThrownBy(response::flushBuffer).isInstanceOf(SessionStoreUnavailableException.class);

    response.sendError(404, "no such page");
    response.sendError(404);
    end(scope, exchange);

    assertThat(exchange.response.sentStatus()).isEqualTo(503);
    assertThat(new String(exchange.response.sentBody(), ISO_8859_1)).doesNotContain("no such");
    assertThat(cookies(exchange)).isEmpty();
  }

  /** Its response stays open after the error, so that whatever it writes may still be sent. */
  @Test
  void anAsynchronousPartWritesInVainAfterTheStoreHasFailed() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse response = response(exchange, scope);
    session(scope).attribute("color", "red");
    exchange.asyncStarted(true);
    shop.cutOff(true);
    assertThatThrownBy(response::flushBuffer).isInstanceOf(SessionStoreUnavailableException.class);

    response.sendError(404);
    response.reset();
    response.getWriter().print("page");
    // As AsyncContext.complete() does.
    scope.saveOrRefuse();
    end(scope, exchange);

    assertThat(exchange.response.sentStatus()).isEqualTo(503);
    assertThat(exchange.response.sentBody()).isEmpty();
    assertThat(cookies(exchange)).isEmpty();
  }

  // URLs

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withUrlTrackingTheUrlsOfANewVisitorLeadBackToTheSession(boolean redirect)
      throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.openByUrl(exchange);
    SessionResponse response = response(exchange, scope);
    Session session = session(scope);
    session.attribute("color", "red");

    String target = "/shop/next?a=b#c";
    String url = redirect ? response.encodeRedirectURL(target) : response.encodeURL(target);
    end(scope, exchange);

    assertThat(url).isEqualTo("/shop/next;jsessionid=" + session.token().value() + "?a=b#c");
    Exchange next = new Exchange().uri(url.replaceFirst("[?#].*", ""));
    RequestScope nextScope = shop.openByUrl(next);
    assertThat(found(nextScope).attribute("color")).isEqualTo("red");
    assertThat(response(next, nextScope).encodeURL("page"))
        .as("the URL of a client that came by URL")
        .isEqualTo("page;jsessionid=" + session.token().value());
    end(nextScope, next);
  }

  @Test
  void aChangedIdIsInTheUrlsToo() throws IOException {
    SessionToken old = shop.newStored("color", "red");
    Exchange exchange = new Exchange().uri("/shop/page;jsessionid=" + old.value());
    RequestScope scope = shop.openByUrl(exchange);
    scope.changeSessionId();

    assertThat(response(exchange, scope).encodeURL("next"))
        .isEqualTo("next;jsessionid=" + found(scope).token().value())
        .doesNotContain(old.value());
    end(scope, exchange);
  }

  /** Why a URL carries no token. */
  private enum Plain {
    NO_URL_TRACKING,
    CLIENT_WITH_COOKIE,
    NO_SESSION,
    SESSION_HAS_ENDED,
    STORE_HAS_FAILED,
    REQUEST_HAS_ENDED
  }

  @ParameterizedTest
  @EnumSource
  void aUrlCarriesNoTokenThatLeadsNowhereOrThatTheCookieCarries(Plain plain) throws IOException {
    Exchange exchange =
        plain == Plain.CLIENT_WITH_COOKIE ? with(shop.newStored("color", "red")) : new Exchange();
    RequestScope scope =
        plain == Plain.NO_URL_TRACKING ? shop.open(exchange) : shop.openByUrl(exchange);
    SessionResponse response = response(exchange, scope);
    if (plain != Plain.NO_SESSION) {
      session(scope).attribute("color", "blue");
    }
    switch (plain) {
      case SESSION_HAS_ENDED -> scope.invalidate(session(scope));
      case STORE_HAS_FAILED -> {
        shop.cutOff(true);
        assertThatThrownBy(scope::save).isInstanceOf(SessionStoreUnavailableException.class);
      }
      case REQUEST_HAS_ENDED -> scope.end();
      default -> {}
    }

    assertThat(response.encodeURL("next")).isEqualTo("next");
    assertThat(response.encodeRedirectURL("next")).isEqualTo("next");
    end(scope, exchange);
  }

  // Wrapping

  @Test
  void aResponseThatLeadsThroughOursIsNotWrappedAgain() {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    SessionResponse ours = response(exchange, scope);
    HttpServletResponse theirs = new HttpServletResponseWrapper(ours);

    assertThat(SessionResponse.around(theirs, scope)).isSameAs(theirs);
    assertThat(SessionResponse.containerOf(theirs, scope)).isSameAs(exchange.response);
    RequestScope anotherApplications = shop.open(new Exchange());
    HttpServletResponse dispatched = new SessionResponse(theirs, anotherApplications);
    assertThat(SessionResponse.containerOf(dispatched, scope)).isSameAs(exchange.response);
  }

  @Test
  void aResponseThatLeadsPastOursIsWrapped() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    HttpServletResponse unwrapped = new HttpServletResponseWrapper(exchange.response);
    session(scope).attribute("color", "red");

    SessionResponse.around(unwrapped, scope).flushBuffer();

    assertThat(shop.writes()).as("saved before the flush").isEqualTo(1);
    end(scope, exchange);
  }

  @Test
  void theResponseOfAnotherRequestDoesNotCountAsOurs() {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    RequestScope other = shop.open(new Exchange());
    SessionResponse ofOther = response(exchange, other);

    assertThat(SessionResponse.around(ofOther, scope)).isNotSameAs(ofOther);
  }

  // After the end of the request

  /** What only asks, and cannot be seen by another request. */
  private static boolean asks(Method method) {
    String name = method.getName();
    return name.startsWith("encode")
        || name.startsWith("contains")
        || name.startsWith("is")
        || (name.startsWith("get") && !name.equals("getWriter") && !name.equals("getOutputStream"));
  }

  private static Object[] anyArguments(Method method) {
    return Stream.of(method.getParameterTypes())
        .map(SessionResponseTest::anyOf)
        .toArray(Object[]::new);
  }

  private static Object anyOf(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int" -> 404;
      case "long" -> 4L;
      case "boolean" -> true;
      case "String" -> "Set-Cookie";
      case "Charset" -> UTF_8;
      case "Locale" -> Locale.FRENCH;
      case "Cookie" -> new Cookie("a", "1");
      case "Supplier" -> (Supplier<Object>) Map::of;
      default -> throw new AssertionError("a value for " + type);
    };
  }

  /**
   * Containers use their response again for the connection's next request: each method that the API
   * has or will have, so none can be forgotten.
   */
  @Test
  void afterTheEndNoCallReachesTheContainersResponse() throws Exception {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    session(scope);
    List<String> reached = new ArrayList<>();
    HttpServletResponse container =
        (HttpServletResponse)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                  if (!asks(method)) {
                    reached.add(method.getName());
                  }
                  return method.invoke(exchange.response, arguments);
                });
    SessionResponse response = new SessionResponse(container, scope);
    end(scope, exchange);

    Set<String> called = new TreeSet<>();
    for (Method method : HttpServletResponse.class.getMethods()) {
      if (Modifier.isStatic(method.getModifiers()) || asks(method)) {
        continue;
      }
      called.add(method.getName());
      try {
        method.invoke(response, anyArguments(method));
      } catch (InvocationTargetException e) {
        assertThat(e)
            .cause()
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith(method.getName() + ": the request has ended");
      }
    }

    assertThat(called).contains("setHeader", "sendError", "getWriter", "reset", "addCookie");
    assertThat(reached).isEmpty();
    assertThat(response.isCommitted()).isTrue();
  }

  @Test
  void afterTheEndTheWriterLeadsNowhereAndSaysSo() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    PrintWriter writer = response(exchange, scope).getWriter();
    writer.print("page");
    end(scope, exchange);

    exchange.response.nextRequestBegins();
    writer.print("late");
    writer.append('l').printf("%s", "late").println();
    writer.flush();
    writer.close();

    assertThat(writer.checkError()).isTrue();
    exchange.response.finish();
    assertThat(exchange.response.sentBody()).isEmpty();
  }

  @Test
  void afterTheEndTheStreamLeadsNowhereAndSaysSo() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.open(exchange);
    ServletOutputStream stream = response(exchange, scope).getOutputStream();
    stream.print("page");
    end(scope, exchange);

    exchange.response.nextRequestBegins();
    for (Executable late :
        List.<Executable>of(
            () -> stream.write(1),
            () -> stream.write(new byte[10]),
            () -> stream.write(new byte[10], 1, 2),
            () -> stream.print("late"),
            () -> stream.println("late"),
            stream::println,
            stream::flush)) {
      assertThatThrownBy(late::execute)
          .isInstanceOf(IOException.class)
          .hasMessage("the request has ended, and its response with it");
    }
    stream.close();

    assertThat(stream.isReady()).isFalse();
    exchange.response.finish();
    assertThat(exchange.response.sentBody()).isEmpty();
  }

  @Test
  void anErrorPageAfterTheFirstDispatchCanBeWritten() throws IOException {
    Exchange exchange = new Exchange(Kind.JETTY);
    RequestScope scope = shop.open(exchange);
    response(exchange, scope).sendError(404);
    scope.end();

    exchange.response.errorPageBegins();
    scope.enter(exchange.dispatched(DispatcherType.ERROR), exchange.response);
    response(exchange, scope).getWriter().print("a page");
    end(scope, exchange);

    assertThat(new String(exchange.response.sentBody(), ISO_8859_1)).isEqualTo("a page");
  }
}
