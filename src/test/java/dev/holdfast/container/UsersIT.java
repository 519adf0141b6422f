package dev.holdfast.container;

import static dev.holdfast.container.DeviceNodes.ROOT;
import static dev.holdfast.container.DeviceNodes.devices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Security checklist "Logout everywhere, admin kill", "Concurrent-session limit" and "Session
 * flooding": a WAR that calls {@link dev.holdfast.api.Sessions}, compiled against the plain jar and
 * running with the all jar, on two nodes.
 */
@AnyContainer(Container.TOMCAT_11)
class UsersIT {
  @TempDir static Path directory;
  private static DeviceNodes nodes;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  private final Container container;

  UsersIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    nodes = DeviceNodes.of(container, directory, "/flood", "sessions.create-rate=20\n");
    redis = nodes.redis();
    one = nodes.one();
    two = nodes.two();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    nodes.close();
  }

  @BeforeEach
  void forgetAllSessions() {
    redis.flush();
  }

  private static Browser loggedIn(ContainerNode node, String contextPath) {
    Browser browser = node.browser(contextPath);
    browser.run("create");
    assertThat(browser.run("login root toor").of("login root toor")).isEqualTo("done");
    return browser;
  }

  private static boolean isLoggedIn(Browser browser) {
    return browser.run("user").of("user").equals("root true");
  }

  @Test
  void whatSessionsCannotAskOfRedisIsAnsweredUnavailableWithoutTheHelpOfTheApplication() {
    String id = devices(loggedIn(one, "/shop"), "list");
    redis.kill();
    try {
      Reply reply = two.browser("/shop").get("/devices?do=end&id=" + id);

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).contains("2");
    } finally {
      redis.restart();
    }
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> two.browser("/shop").get("/devices?do=end&id=" + id).status() == 200);
  }

  @Test
  void afterAChangeOfThePasswordTheOtherTwoBrowsersAreAnonymousOnBothNodes() {
    Browser mine = loggedIn(one, "/shop");
    Browser second = loggedIn(one, "/shop");
    Browser third = loggedIn(two, "/shop");
    second.run("set-bound mark second");
    third.run("set-bound mark third");
    one.browser("/shop").run("events");
    two.browser("/shop").run("events");
    assertThat(devices(mine, "list").lines()).hasSize(3);

    assertThat(devices(mine.at(two), "others")).isEqualTo("2");

    for (ContainerNode node : List.of(one, two)) {
      assertThat(isLoggedIn(second.at(node))).isFalse();
      assertThat(second.at(node).run("session").of("session")).isEqualTo("none");
      assertThat(isLoggedIn(third.at(node))).isFalse();
      assertThat(isLoggedIn(mine.at(node))).isTrue();
    }
    assertThat(devices(mine, "list").lines()).containsExactly(mine.run("session").of("session"));
    assertThat(eventsOf(two))
        .filteredOn(event -> event.startsWith("sessionDestroyed"))
        .as("each once, where they were ended, with attributes")
        .hasSize(2)
        .allMatch(event -> event.endsWith("with [mark]"));
    assertThat(eventsOf(one)).noneMatch(event -> event.startsWith("sessionDestroyed"));
  }

  @Test
  void endingManySessionsIsNotLimitedByWhatARequestMayWait() {
    try (FaultProxy proxy = new FaultProxy(redis.port());
        ContainerNode slow =
            ContainerNode.on(container)
                .deploy("/shop", DeviceNodes.war("", directory))
                .environment("HOLDFAST_REDIS_URI", proxy.uri())
                .environment("HOLDFAST_REDIS_TIMEOUT", "10s")
                .environment("HOLDFAST_REDIS_REQUEST_TIMEOUT", "2s")
                .start()) {
      Browser mine = loggedIn(one, "/shop");
      for (int i = 0; i < 5; i++) {
        loggedIn(one, "/shop");
      }
      proxy.latency(Duration.ofMillis(250));

      assertThat(devices(mine.at(slow), "others")).isEqualTo("5");
    }
  }

  private static List<String> eventsOf(ContainerNode node) {
    String events = node.browser("/shop").run("events").of("events");
    return List.of(events.substring(1, events.length() - 1).split(", (?=[a-z]+[A-Z])"));
  }

  @Test
  void oneSessionEndsByItsIdFromTheOtherNode() {
    Browser mine = loggedIn(one, "/shop");
    Browser lost = loggedIn(one, "/shop");
    Browser stranger = one.browser("/shop");
    String strangersId = stranger.run("create").of("create");
    String lostId = lost.run("session").of("session");

    assertThat(devices(mine.at(two), "find&id=" + lostId)).contains("user=root", lostId);
    assertThat(devices(mine.at(two), "end-mine&id=" + strangersId)).isEqualTo("false");
    assertThat(devices(mine.at(two), "end-mine&id=" + lostId)).isEqualTo("true");
    assertThat(lost.run("session").of("session")).isEqualTo("none");
    assertThat(stranger.run("session").of("session")).isEqualTo(strangersId);
    assertThat(devices(mine.at(two), "end&id=" + strangersId)).isEqualTo("true");
    assertThat(stranger.run("session").of("session")).isEqualTo("none");
    assertThat(devices(mine.at(two), "find&id=" + lostId)).isEqualTo("null");

    assertThat(devices(mine.at(two), "all")).isEqualTo("1");
    assertThat(isLoggedIn(mine)).isFalse();
  }

  @Test
  void whoEndsAllSessionsOfTheirUserMayHaveAFreshOneInTheSameRequest() {
    Browser mine = loggedIn(one, "/shop");

    assertThat(devices(mine, "all-and-note")).isEqualTo("1");

    assertThat(mine.at(two).run("get note").of("get note")).isEqualTo("bye");
    assertThat(isLoggedIn(mine)).isFalse();
  }

  @Test
  void theFourthLoginIsRefusedAndItsSessionStaysAnonymous() {
    for (int i = 0; i < 3; i++) {
      loggedIn(i % 2 == 0 ? one : two, "/refuse");
    }
    Browser fourth = two.browser("/refuse");
    String id = fourth.run("set color red").of("set color red");

    Reply refused = fourth.run("login root toor", "user", "get color");

    assertThat(refused.status()).isEqualTo(200);
    assertThat(refused.of("login root toor"))
        .startsWith("!" + container.ofItsApi("servlet.ServletException"))
        .contains("sessions.per-user");
    assertThat(refused.of("user")).isEqualTo("null false");
    assertThat(fourth.run("user", "get color").of("get color")).as(id).isEqualTo("red");
    assertThat(isLoggedIn(fourth)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/refuse", "/oldest"})
  void ofTwentyLoginsAtOnceThreeAnswer(String contextPath) {
    List<Browser> browsers = new ArrayList<>();
    List<CompletableFuture<Reply>> logins = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Browser browser = (i % 2 == 0 ? one : two).browser(contextPath);
      browsers.add(browser);
      logins.add(browser.start("login root toor"));
    }
    logins.forEach(CompletableFuture::join);

    assertThat(browsers.stream().filter(UsersIT::isLoggedIn)).hasSize(3);
  }

  @Test
  void aFloodOfVisitorsWithoutCookiesIsStoredNoFasterThanTheRate() {
    long memory = usedMemory();
    long start = System.nanoTime();
    int refused = 0;
    // Tomcat closes the connection after each 503: 20,000 take a minute and a half.
    int asked = Boolean.getBoolean("holdfast.full") ? 20_000 : 600;
    for (int i = 0; i < asked; i++) {
      Reply reply = one.browser("/flood").run("create");
      if (reply.status() == 503) {
        refused++;
        assertThat(reply.header("Retry-After")).isPresent();
        assertThat(reply.setCookies()).isEmpty();
      }
    }
    long seconds = (System.nanoTime() - start) / 1_000_000_000L + 1;

    long stored = redis.keys().stream().filter(key -> key.startsWith("holdfast:flood:{")).count();
    assertThat(stored).isBetween(1L, 200 + 20 * seconds);
    assertThat(usedMemory() - memory).isLessThan(1_000_000 + 2_000 * stored);
    assertThat(refused).isGreaterThan(0);
    assertThat(one.log()).contains("CREATION_REFUSED").contains("sessions.create-rate");
    assertThat(one.browser("/shop").run("create").status()).isEqualTo(200);
  }

  private static long usedMemory() {
    return Long.parseLong(redis.info("memory", "used_memory"));
  }

  @Test
  void aUserOfTheContainerIsKnownToo() {
    Browser basic = one.browser("/shop");
    basic.run("create");
    basic.send("GET", Browser.probe("authenticate"), null, Map.of("Authorization", ROOT));
    Browser mine = loggedIn(two, "/shop");

    assertThat(devices(mine, "list").lines()).hasSize(2);
    assertThat(devices(mine, "others")).isEqualTo("1");
    assertThat(basic.run("session").of("session")).isEqualTo("none");
  }
}
