package dev.holdfast.container;

import static dev.holdfast.container.FormWar.CLOSED;
import static dev.holdfast.container.FormWar.assertNoUser;
import static dev.holdfast.container.FormWar.cookies;
import static dev.holdfast.container.FormWar.isNobody;
import static dev.holdfast.container.FormWar.leadNowhere;
import static dev.holdfast.container.FormWar.loggedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How logins at the container end on both nodes, and what they do while Redis is away. */
@EachContainer
class FormEndsIT {
  private static final String ALICE = basic("alice:wonderland");
  private static final String ROOT = basic("root:toor");

  @TempDir static Path directory;
  private static RedisServer redis;
  private static CountingProxy proxy;
  private static ContainerNode one;
  private static ContainerNode two;

  FormEndsIT(Container container) {
    assertThat(one).as("nodes of %s", container).isNotNull();
  }

  private static String basic(String userAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.ISO_8859_1));
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    proxy = new CountingProxy(redis.port());
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/form", FormWar.form("", directory))
            .deploy(
                "/url",
                FormWar.form(
                    "<session-timeout>30</session-timeout><tracking-mode>URL</tracking-mode>",
                    directory))
            .deploy("/basic", FormWar.basic(directory))
            .environment("HOLDFAST_EXPIRY_INTERVAL", "1s");
    one = builder.environment("HOLDFAST_REDIS_URI", proxy.uri()).begin();
    two = builder.environment("HOLDFAST_REDIS_URI", redis.uri()).start();
    one.port();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    proxy.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"all&user=alice", "end&id=%s", "others&user=alice"})
  void endedBySessionsOfTheOtherNodeTheContainersLoginEndsToo(String end) {
    Browser browser = loggedIn(one, "/form", "alice", "wonderland");
    String id = browser.run("session").of("session");
    browser.at(two).get(CLOSED);
    String old = cookies(browser);
    Browser admin = two.browser("/form");
    assertThat(DeviceNodes.devices(admin, "list&user=alice").lines()).contains(id);

    DeviceNodes.devices(admin, end.formatted(id));

    leadNowhere(old, one, "/form");
    leadNowhere(old, two, "/form");
    isNobody(browser);
    isNobody(browser.at(two));
    FormWar.logIn(browser, "root", "toor");
  }

  @Test
  void endedByTimeTheContainersLoginEndsToo() {
    Browser browser = loggedIn(one, "/form", "alice", "wonderland");
    String id = browser.run("session", "max-inactive 2").of("session");
    browser.at(two).get(CLOSED);
    String old = cookies(browser);
    Browser other = two.browser("/form");

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> DeviceNodes.devices(other, "find&id=" + id).equals("null"));

    leadNowhere(old, one, "/form");
    leadNowhere(old, two, "/form");
    isNobody(browser);
    isNobody(browser.at(two));
  }

  @Test
  void whileRedisIsAwayNoLoginIsBelievedAndNoneIsLost() {
    Browser browser = loggedIn(one, "/form", "alice", "wonderland");
    Browser coming = one.browser("/form");
    assertNoUser(coming.get(CLOSED));
    browser.at(two).get(CLOSED);
    String cookies = cookies(browser);
    redis.kill();
    try {
      for (ContainerNode node : List.of(one, two)) {
        assertIsUnavailable(browser.at(node).get(CLOSED));
        assertIsUnavailable(browser.at(node).run("user"));
      }
      // The post itself is the container's; what it leads to is ours.
      Reply login =
          coming.post("/j_security_check", Map.of("j_username", "root", "j_password", "toor"));
      assertThat(login.status()).as(login.toString()).isIn(302, 303, 503);
      Reply after = login.status() == 503 ? coming.get(CLOSED) : coming.follow(login);
      assertIsUnavailable(after);
      assertIsUnavailable(coming.get(CLOSED));
      assertThat(cookies(browser)).isEqualTo(cookies);
    } finally {
      redis.restart();
    }
    for (ContainerNode node : List.of(one, two)) {
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> browser.at(node).run("session").status() == 200);
      assertThat(browser.at(node).get(CLOSED).of("user")).isEqualTo("alice true");
    }
    assertThat(coming.get(CLOSED).of("user")).isEqualTo("root true");
    assertThat(coming.at(two).get(CLOSED).of("user")).isEqualTo("root true");
  }

  private static void assertIsUnavailable(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).contains("2");
    assertNoUser(reply);
  }

  @Test
  void whatIsSentWithEachRequestCountsForThatRequest() {
    Browser browser = one.browser("/basic");
    browser.run("set color red");
    for (ContainerNode node : List.of(one, two)) {
      Browser there = browser.at(node);
      assertThat(there.get(CLOSED).status()).isEqualTo(401);
      assertThat(sending(there, ALICE, CLOSED).of("user")).isEqualTo("alice true");
      assertThat(sending(there, ROOT, CLOSED).of("user")).isEqualTo("root true");
      assertThat(sending(there, ALICE, "/admin" + FormWar.USER).status()).isEqualTo(403);
      assertThat(sending(there, basic("alice:wrong"), CLOSED).status()).isEqualTo(401);
      assertThat(there.get(CLOSED).status()).isEqualTo(401);
    }
    assertThat(browser.run("get color").of("get color")).isEqualTo("red");
    assertThat(browser.cookies()).doesNotContainKey("JSESSIONID");
  }

  @Test
  void besideBasicAProgrammaticLoginHoldsForConstrainedPagesUntilTheLogout() {
    Browser browser = one.browser("/basic");
    browser.run("login alice wonderland");
    for (ContainerNode node : List.of(one, two)) {
      Browser there = browser.at(node);
      assertThat(there.get(CLOSED).of("user")).isEqualTo("alice true");
      assertThat(there.get("/admin" + FormWar.USER).status()).isEqualTo(403);
    }
    browser.at(two).run("logout");
    for (ContainerNode node : List.of(one, two)) {
      assertThat(browser.at(node).get(CLOSED).status()).isEqualTo(401);
    }
  }

  private static Reply sending(Browser browser, String authorization, String path) {
    return browser.send("GET", path, null, Map.of("Authorization", authorization));
  }

  @Test
  void aRequestOfAFormUserWaitsAsOftenAsOneOfAnyUser() {
    Browser browser = loggedIn(one, "/form", "alice", "wonderland");
    browser.run("user");
    browser.get(CLOSED);
    for (String page : List.of(FormWar.USER, CLOSED)) {
      assertThat(fewestWaits(browser, page)).as(page).isEqualTo(1);
    }
  }

  /** A touch that nobody waits for may come in between. */
  private static int fewestWaits(Browser browser, String page) {
    int fewest = Integer.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      proxy.reset();
      assertThat(browser.get(page).of("user")).isEqualTo("alice true");
      fewest = Math.min(fewest, proxy.waits());
    }
    return fewest;
  }

  @Test
  void withTheIdInTheUrlAProgrammaticLoginHoldsForConstrainedPagesOfBothNodes() {
    String link = "encode /url/closed/probe";
    String page =
        one.browser("/url").run("login alice wonderland", link).of(link).substring("/url".length());
    assertThat(page).contains(";");
    for (ContainerNode node : List.of(one, two)) {
      assertThat(node.browser("/url").get(page + "?step=user").of("user")).isEqualTo("alice true");
    }
    two.browser("/url").get(page.replace("/closed", "") + "?step=logout");
    for (ContainerNode node : List.of(one, two)) {
      assertNoUser(node.browser("/url").get(page + "?step=user"));
    }
  }

  @Test
  void withTheIdInTheUrlFormLoginLetsNobodyIn() {
    Browser browser = one.browser("/url");
    assertNoUser(browser.get(CLOSED));
    String action = browser.run("create", "encode j_security_check").of("encode j_security_check");
    assertThat(action).contains(";");

    Reply login =
        browser.post("/" + action, Map.of("j_username", "alice", "j_password", "wonderland"));

    assertThat(login.status()).as(login.toString()).isLessThan(500);
    assertNoUser(browser.get(CLOSED + action.substring(action.indexOf(';'))));
    assertThat(one.log()).contains("FORM login: needs cookies");
  }
}
