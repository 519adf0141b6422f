package dev.holdfast.servlet;

import static dev.holdfast.servlet.ShopApplication.COOKIE;
import static dev.holdfast.servlet.ShopApplication.NODE;
import static dev.holdfast.servlet.ShopApplication.ROUTE;
import static dev.holdfast.servlet.ShopApplication.cookies;
import static dev.holdfast.servlet.ShopApplication.end;
import static dev.holdfast.servlet.ShopApplication.found;
import static dev.holdfast.servlet.ShopApplication.session;
import static dev.holdfast.servlet.ShopApplication.with;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.security.SessionToken;
import dev.holdfast.session.Session;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told of the node that serves it, and that no session depends on it. */
class NodeRouteTest {
  private static final String SUFFIX = "." + NODE;
  private static final String LIKE_THE_SESSIONS = "; Path=/; Secure; HttpOnly; SameSite=Lax";

  private static ShopApplication shop;

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

  /** The {@code Set-Cookie} fields for the node's name that the client got. */
  private static List<String> routes(Exchange exchange) {
    return exchange.response.sent("Set-Cookie").stream()
        .filter(field -> field.startsWith(ROUTE + "="))
        .toList();
  }

  private static Exchange suffixedWith(SessionToken token, String suffix) {
    return new Exchange().cookie(COOKIE, token.value() + suffix);
  }

  /** The value of the only cookie of the session that the client got. */
  private static String onlyValue(Exchange exchange) {
    assertThat(cookies(exchange)).hasSize(1);
    String cookie = cookies(exchange).get(0);
    return cookie.substring(COOKIE.length() + 1, cookie.indexOf(';'));
  }

  private static void read(RequestScope scope, Exchange exchange) throws IOException {
    assertThat(found(scope).attribute("color")).isEqualTo("red");
    end(scope, exchange);
    assertThat(shop.reads()).isEqualTo(1);
    assertThat(shop.writes()).as("no name costs a write").isZero();
  }

  // A cookie of its own

  @Test
  void aNewSessionsClientGetsTheNameBesideTheCookie() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.openRouted(exchange);
    Session made = session(scope);
    end(scope, exchange);

    assertThat(onlyValue(exchange)).isEqualTo(made.token().value());
    assertThat(routes(exchange)).containsExactly(ROUTE + "=" + NODE + LIKE_THE_SESSIONS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-2", "gone", "<b>", ""})
  void whoComesWithAnotherNodesNameGetsThisOneAndNothingElse(String name) throws IOException {
    Exchange exchange = with(shop.newStored("color", "red")).cookie(ROUTE, name);

    read(shop.openRouted(exchange), exchange);

    assertThat(routes(exchange)).containsExactly(ROUTE + "=" + NODE + LIKE_THE_SESSIONS);
    assertThat(cookies(exchange)).isEmpty();
    assertThat(exchange.response.sent("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void whoComesWithItIsToldNothing() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red")).cookie(ROUTE, NODE);

    read(shop.openRouted(exchange), exchange);

    assertThat(exchange.response.sent("Set-Cookie")).isEmpty();
    assertThat(exchange.response.sent("Cache-Control")).isEmpty();
  }

  @Test
  void whoLeavesTheSessionAloneIsToldNothingAndNobodyAsksRedis() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red")).cookie(ROUTE, "node-2");
    RequestScope scope = shop.openRouted(exchange);
    end(scope, exchange);

    assertThat(exchange.response.sent("Set-Cookie")).isEmpty();
    assertThat(shop.reads()).isZero();
  }

  @Test
  void anIdThatLeadsNowhereBringsNoName() throws IOException {
    SessionToken ended = shop.newStored("color", "red");
    Exchange first = with(ended);
    RequestScope scope = shop.openRouted(first);
    scope.invalidate(found(scope));
    end(scope, first);
    Exchange exchange = with(ended).cookie(ROUTE, "node-2");
    RequestScope next = shop.openRouted(exchange);
    assertThat(next.session(false)).isNull();
    end(next, exchange);

    assertThat(routes(exchange)).isEmpty();
  }

  @Test
  void itGoesWithTheSession() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red")).cookie(ROUTE, NODE);
    RequestScope scope = shop.openRouted(exchange);
    scope.invalidate(found(scope));
    end(scope, exchange);

    assertThat(cookies(exchange)).singleElement().asString().contains("Max-Age=0");
    assertThat(routes(exchange))
        .singleElement()
        .asString()
        .startsWith(ROUTE + "=;")
        .contains("Max-Age=0");
  }

  @Test
  void aSessionMadeAfterwardsBringsItBack() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red")).cookie(ROUTE, "node-2");
    RequestScope scope = shop.openRouted(exchange);
    scope.invalidate(found(scope));
    Session next = session(scope);
    end(scope, exchange);

    assertThat(onlyValue(exchange)).isEqualTo(next.token().value());
    assertThat(routes(exchange)).containsExactly(ROUTE + "=" + NODE + LIKE_THE_SESSIONS);
  }

  @Test
  void itOutlivesAResetButNoResponseThatIsRefused() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange reset = with(token).cookie(ROUTE, "node-2");
    RequestScope scope = shop.openRouted(reset);
    assertThat(found(scope).attribute("color")).isEqualTo("red");
    scope.save();
    reset.response.reset();
    scope.resendCookie();
    end(scope, reset);
    assertThat(routes(reset)).hasSize(1);

    Exchange refused = with(token).cookie(ROUTE, "node-2");
    RequestScope failing = shop.openRouted(refused);
    found(failing).attribute("color", "blue");
    shop.cutOff(true);
    end(failing, refused);

    assertThat(refused.response.sentStatus()).isEqualTo(503);
    assertThat(refused.response.sent("Set-Cookie")).isEmpty();
  }

  @Test
  void whatWasClearedForARefusalDoesNotComeBack() throws IOException {
    Exchange exchange = with(shop.newStored("color", "red")).cookie(ROUTE, "node-2");
    RequestScope scope = shop.openRouted(exchange);
    assertThat(found(scope).attribute("color")).isEqualTo("red");
    scope.save();
    assertThat(exchange.response.getHeaders("Set-Cookie")).hasSize(1);

    exchange.response.reset();
    scope.cookie().forget();
    scope.cookie().again(exchange.request(), exchange.response);

    assertThat(exchange.response.getHeaders("Set-Cookie")).isEmpty();
    end(scope, exchange);
  }

  // Behind the token

  @Test
  void aNewSessionsCookieEndsInTheNameAndIsThatSession() throws IOException {
    Exchange exchange = new Exchange();
    RequestScope scope = shop.openSuffixed(exchange);
    Session made = session(scope);
    made.attribute("color", "red");
    String url = scope.encode("/shop/next?a=b");
    end(scope, exchange);

    assertThat(onlyValue(exchange)).isEqualTo(made.token().value() + SUFFIX);
    assertThat(url).isEqualTo("/shop/next;jsessionid=" + made.token().value() + SUFFIX + "?a=b");
    assertThat(made.id()).as("what the application sees").doesNotContain(".");
    shop.forget();
    Exchange next = new Exchange().cookie(COOKIE, onlyValue(exchange));
    RequestScope same = shop.openSuffixed(next);
    assertThat(same.requestedSessionId()).isEqualTo(made.id());
    read(same, next);
    assertThat(next.response.sent("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".node-2", ".N_0", ".a.b"})
  void whoComesWithAnotherNameOrNoneGetsTheSameTokenWithThisOne(String suffix) throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = suffixedWith(token, suffix);

    read(shop.openSuffixed(exchange), exchange);

    assertThat(cookies(exchange))
        .containsExactly(COOKIE + "=" + token.value() + SUFFIX + LIKE_THE_SESSIONS);
    assertThat(exchange.response.sent("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void aUrlWithAnotherNameLeadsOnWithThisOneAndNoCookie() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = new Exchange().uri("/shop/page;jsessionid=" + token.value() + ".node-2");
    RequestScope scope = shop.openSuffixed(exchange);

    assertThat(scope.encode("next")).isEqualTo("next;jsessionid=" + token.value() + SUFFIX);
    read(scope, exchange);
    assertThat(exchange.response.sent("Set-Cookie")).isEmpty();
  }

  /** A node where it is switched off, or not yet on, has the same sessions. */
  @Test
  void aNodeThatKnowsOfNoNamesTakesATokenWithOne() throws IOException {
    Exchange exchange = suffixedWith(shop.newStored("color", "red"), ".node-2");

    read(shop.open(exchange), exchange);

    assertThat(exchange.response.sent("Set-Cookie")).isEmpty();
  }

  @Test
  void aNewIdHasTheNameAndOneThatAnotherNodeHasReplacedIsNotSentAgain() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange login = suffixedWith(token, ".node-2");
    RequestScope scope = shop.openSuffixed(login);
    Session session = found(scope);
    scope.changeSessionId();
    end(scope, login);
    assertThat(onlyValue(login)).isEqualTo(session.token().value() + SUFFIX);

    Exchange slow = suffixedWith(session.token(), ".node-2");
    RequestScope outrun = shop.openSuffixed(slow);
    assertThat(found(outrun).attribute("color")).isEqualTo("red");
    Exchange quick = suffixedWith(session.token(), SUFFIX);
    RequestScope second = shop.openSuffixed(quick);
    second.session(false);
    second.changeSessionId();
    end(second, quick);
    end(outrun, slow);
    assertThat(slow.response.sent("Set-Cookie")).isEmpty();
  }

  /** Meanwhile another node may have given the session a new id. */
  @Test
  void aResponseThatComesLateDoesNotSendTheIdAgain() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = suffixedWith(token, ".node-2");
    RequestScope scope = shop.openSuffixed(exchange);
    Session session = found(scope);
    SessionTracking tracking = scope.application().tracking();
    NodeRoute route = requireNonNull(tracking.route());

    new RoutedCookie(tracking, route, System.nanoTime() - Duration.ofSeconds(5).toNanos())
        .staysHere(exchange.request(), exchange.response, session, token);
    assertThat(exchange.response.getHeaders("Set-Cookie")).isEmpty();

    new RoutedCookie(tracking, route, System.nanoTime() - Duration.ofSeconds(1).toNanos())
        .staysHere(exchange.request(), exchange.response, session, token);
    assertThat(exchange.response.getHeaders("Set-Cookie")).hasSize(1);
    end(scope, exchange);
  }

  @Test
  void aPushedRequestComesWithTheNameOfItsNode() {
    SessionToken token = SessionToken.create(new SecureRandom());
    SessionTracking tracking = shop.openSuffixed(new Exchange()).application().tracking();

    assertThat(tracking.sentBack(token)).isEqualTo(COOKIE + "=" + token.value() + SUFFIX);
  }

  @Test
  void twoCookiesOfOneSessionAreOneSession() throws IOException {
    SessionToken token = shop.newStored("color", "red");
    Exchange exchange = suffixedWith(token, ".node-2").cookie(COOKIE, token.value() + SUFFIX);

    read(shop.openSuffixed(exchange), exchange);

    assertThat(exchange.response.sent("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "node-1", "~node-1", ".a b", ".a;b", ".\u00e4", ".%41", ". "})
  void whatIsNoNameBehindATokenMakesItNone(String tail) {
    String sent = SessionToken.create(new SecureRandom()).value() + tail;

    SessionToken token = SessionToken.parse(NodeRoute.withoutSuffix(sent));

    assertThat(token).isNull();
  }

  @Test
  void aNameHasABound() {
    String token = SessionToken.create(new SecureRandom()).value();

    assertThat(NodeRoute.withoutSuffix(token + "." + "n".repeat(64))).isEqualTo(token);
    assertThat(NodeRoute.withoutSuffix(token + "." + "n".repeat(65))).hasSize(64 + 1 + 65);
    assertThat(NodeRoute.withoutSuffix("x" + token + ".n")).isEqualTo("x" + token + ".n");
  }
}
