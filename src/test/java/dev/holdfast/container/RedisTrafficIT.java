package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Cites;
import dev.holdfast.container.meters.MetersServlet;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request costs at Redis: counted at the socket, and by MONITOR. */
@EachContainer
class RedisTrafficIT {

  @TempDir static Path directory;
  private static RedisServer redis;
  private static CountingProxy proxy;
  private static RedisMonitor monitor;
  private static ContainerNode node;

  RedisTrafficIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    proxy = new CountingProxy(redis.port());
    monitor = new RedisMonitor(redis);
    node =
        ContainerNode.on(container)
            .deploy(
                "",
                // Shows its metrics, which must not cost anything here.
                WarBuilder.probe()
                    .packageOf(MetersServlet.class)
                    .holdfast()
                    .libraries(MicrometerIT.jars())
                    .in(directory))
            .environment("HOLDFAST_REDIS_URI", proxy.uri())
            // Sweeps come in between otherwise; what they cost is in ExpiryIndexTest.
            .environment("HOLDFAST_EXPIRY_INTERVAL", "2m")
            .start();
    // The first of each kind connects and loads scripts.
    Browser user = node.browser("");
    user.run("create");
    user.run("set color red", "rotate");
    user.run("get color");
    user.run("invalidate");
    await().until(() -> redis.subscribers("holdfast:root:ended") == 1);
    // Then it compares its settings with those of other nodes, the next time after a minute.
    await().until(() -> redis.keys().contains("holdfast:root:user:{nodes}"));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    monitor.close();
    proxy.close();
    redis.close();
  }

  private final Browser user = node.browser("");

  @BeforeEach
  void startCounting() {
    proxy.reset();
    monitor.clear();
  }

  @Test
  void aRequestWithoutASessionWaitsForNothing() {
    user.run("print hello", "session", "requested-id", "from-cookie");

    assertThat(proxy.waits()).isZero();
    assertThat(monitor.commands()).isEmpty();
    assertThat(user.cookies()).isEmpty();
  }

  @Test
  void aScrapeOfItsMetricsWaitsForNothing() {
    assertThat(user.get("/metrics").text()).contains("holdfast_store_waits_seconds_count");

    assertThat(proxy.waits()).isZero();
    assertThat(monitor.commands()).isEmpty();
  }

  @Test
  void aRequestThatLeavesItsSessionAloneWaitsForNothing() {
    user.run("set color red");
    startCounting();

    user.run("print hello");

    assertThat(proxy.waits()).as(monitor.sent().toString()).isZero();
    assertThat(monitor.commands()).isEmpty();
  }

  @Test
  void aNewSessionIsOneWait() {
    user.run("set color red");

    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(1);
  }

  @Test
  void readingIsOneWait() {
    user.run("set color red");
    startCounting();

    Reply reply = user.run("get color", "get color", "names", "last-accessed", "requested-valid");

    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(1);
  }

  @Test
  void writingIsOneMore() {
    user.run("set color red");
    startCounting();

    user.run("get color", "set color blue", "set size 7");

    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(2);
  }

  @Test
  void aChangeInPlaceIsOneMoreToo() {
    user.run("set-list basket apple");
    startCounting();

    Reply reply = user.run("add basket pear");

    assertThat(proxy.waits()).as(reply + " " + monitor.sent()).isEqualTo(2);
  }

  @Test
  void aLoginThatOnlySetsAnAttributeIsOneMoreForItsPlaceAndTheSameUserAgainIsARead() {
    user.run("set color red");
    startCounting();

    Reply login = user.run("set user alice");

    assertThat(login.setCookies()).hasSize(1);
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(3);
    startCounting();

    user.run("set user alice");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(1);
    startCounting();

    user.run("get user", "get color");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"remove user", "invalidate"})
  void aLogoutForgetsItsUserOnce(String logout) {
    user.run("set color red");
    user.run("set user alice");
    Browser other = node.browser("");
    other.run("set color blue");
    startCounting();

    user.run(logout);
    // Behind what nobody waits for, on the same connection.
    other.run("get color");

    assertThat(monitor.commands().stream().filter(name -> name.startsWith("EVAL")))
        .as("one that saves or destroys, one that forgets: %s", monitor.sent())
        .hasSize(2);
    assertThat(monitor.sent().stream().filter(line -> line.text().contains("\"forget\"")))
        .hasSize(1);
  }

  @Test
  void anAttributeThatNamesNobodyCostsNoPlace() {
    user.run("set color red");
    startCounting();

    Reply login = user.run("set-cart user");

    assertThat(login.setCookies()).hasSize(1);
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(2);
  }

  @Test
  void invalidatingAndRotatingAreTwoWaitsWithTheirLoad() {
    user.run("set color red");
    startCounting();

    user.run("rotate");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(2);
    startCounting();

    user.run("invalidate");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(2);
  }

  @Test
  @Cites("trap 7: a stale cookie costs one lookup, not two")
  void aStaleCookieIsOneWait() {
    user.run("set color red");
    String stale = cookieName(user) + "=" + token(user);
    user.run("invalidate");
    startCounting();

    Reply reply =
        user.runWithCookies(stale, "session", "session", "requested-valid", "user", "requested-id");

    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(1);
    startCounting();

    user.runWithCookies(stale, "session", "create");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(2);
  }

  @Test
  @Cites("trap 7: a second commit re-reads nothing")
  void aSecondCommitWritesAndReadsNothing() {
    user.run("set color red");
    startCounting();

    user.run("set color blue", "flush", "set size 7", "print x");

    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(3);
    assertThat(monitor.commands().stream().filter(name -> name.startsWith("EVAL"))).hasSize(2);
    startCounting();

    user.run("set color green", "flush", "get color", "print x");
    assertThat(proxy.waits()).as(monitor.sent().toString()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        // No letter alone: Jetty keeps the fields of a connection, and gives a later one that
        // begins
        // so in the case of the first. A token that begins with X would come as another.
        "7",
        "\"quoted\"",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/",
        "../../etc/passwd",
        "%00",
        "*",
        "{a}:b"
      })
  void aMalformedCookieCostsNoCommand(String value) {
    String name = cookieName();
    startCounting();

    Reply reply =
        user.runWithCookies(name + "=" + value, "session", "requested-valid", "print hello");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.of("session")).isEqualTo("none");
    assertThat(reply.of("requested-valid")).isEqualTo("false");
    assertThat(reply.setCookies()).isEmpty();
    assertThat(monitor.commands()).isEmpty();
    assertThat(proxy.waits()).isZero();
  }

  @Test
  void bytesThatAreNoTextInACookieCostNoCommandEither() {
    String name = cookieName();
    startCounting();

    String answer =
        user.raw(
            "GET /probe?step=session HTTP/1.1\r\nHost: x\r\nCookie: "
                + name
                + "=\u00e4\u00ff\u0001\r\nConnection: close\r\n\r\n");

    assertThat(answer).containsAnyOf("session -> none", " 400 ").doesNotContain("Set-Cookie");
    assertThat(monitor.commands()).isEmpty();
  }

  @Test
  void anUnknownIdIsNeverAdopted() {
    user.run("set color red");
    String real = token(user);
    String name = cookieName(user);
    for (String foreign :
        new String[] {
          otherAt(real, 0), otherAt(real, real.length() / 2), otherAt(real, real.length() - 2)
        }) {
      int keys = redis.keys().size();

      Reply asked = user.runWithCookies(name + "=" + foreign, "session");
      assertThat(asked.of("session")).isEqualTo("none");
      assertThat(asked.setCookies()).isEmpty();
      assertThat(redis.keys()).hasSize(keys);

      Reply created = user.runWithCookies(name + "=" + foreign, "create", "is-new", "get color");
      assertThat(created.of("is-new")).isEqualTo("true");
      assertThat(created.of("get color")).isEqualTo("null");
      assertThat(created.setCookies())
          .singleElement()
          .satisfies(cookie -> assertThat(cookie.value()).isNotEqualTo(foreign))
          .satisfies(
              cookie -> assertThat(cookie.value()).doesNotStartWith(foreign.substring(0, 20)));
    }
    assertThat(user.runWithCookies(name + "=" + real, "get color").of("get color"))
        .isEqualTo("red");
  }

  private static String cookieName() {
    Browser browser = node.browser("");
    browser.run("create");
    return cookieName(browser);
  }

  private static String cookieName(Browser browser) {
    return browser.cookies().keySet().iterator().next();
  }

  private static String token(Browser browser) {
    return browser.cookies().values().iterator().next();
  }

  /** Not the same letter in the other case: Jetty's cache of header fields takes those for one. */
  private static String otherAt(String token, int index) {
    char other = token.charAt(index) == '0' ? '1' : '0';
    return token.substring(0, index) + other + token.substring(index + 1);
  }
}
