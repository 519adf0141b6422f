package dev.holdfast.container;

import static dev.holdfast.container.DeviceNodes.ROOT;
import static dev.holdfast.container.DeviceNodes.devices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * "Log out everywhere" and the limit per user for an application that does no more at a login than
 * set an attribute, on two nodes.
 */
@AnyContainer(Container.JETTY_12_1)
class AttributeLoginsIT {
  @TempDir static Path directory;
  private static DeviceNodes nodes;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  AttributeLoginsIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    nodes = DeviceNodes.of(container, directory);
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
    browser.run("set color red");
    Reply login = browser.run("set user alice");
    assertThat(login.status()).as(login.toString()).isEqualTo(200);
    return browser;
  }

  private static List<String> sessionsOf(String user) {
    return devices(two.browser("/shop"), "list&user=" + user).lines().toList();
  }

  private static boolean isLoggedIn(Browser browser) {
    return browser.run("get user").of("get user").equals("alice");
  }

  /** Whose session it is, by what is stored with it. */
  private static String userOf(Browser browser) {
    String found = devices(browser.at(two), "find&id=" + browser.run("session").of("session"));
    return found.replaceAll(".*user=([^,]*),.*", "$1");
  }

  @Test
  void loggingOutEverywhereEndsThemOnBothNodes() {
    Browser mine = loggedIn(one, "/shop");
    Browser second = loggedIn(one, "/shop");
    Browser third = loggedIn(two, "/shop");
    Browser anonymous = one.browser("/shop");
    anonymous.run("create");
    assertThat(sessionsOf("alice")).hasSize(3);

    assertThat(devices(mine.at(two), "others&user=alice")).isEqualTo("2");

    for (ContainerNode node : List.of(one, two)) {
      assertThat(second.at(node).run("session").of("session")).isEqualTo("none");
      assertThat(third.at(node).run("session").of("session")).isEqualTo("none");
      assertThat(isLoggedIn(mine.at(node))).isTrue();
    }
    assertThat(devices(anonymous, "all&user=alice")).isEqualTo("1");
    assertThat(mine.run("session").of("session")).isEqualTo("none");
    assertThat(anonymous.run("session").of("session")).isNotEqualTo("none");
  }

  @Test
  void anotherUserALogoutAndAnEndAreWrittenDown() {
    Browser first = loggedIn(one, "/shop");
    Browser second = loggedIn(two, "/shop");
    Browser third = loggedIn(two, "/shop");

    first.run("set user bob");
    second.run("remove user");
    third.run("invalidate");

    assertThat(sessionsOf("bob")).containsExactly(first.run("session").of("session"));
    assertThat(sessionsOf("alice")).isEmpty();
    assertThat(userOf(second)).isEqualTo("null");
    await().untilAsserted(() -> assertThat(indexed()).hasSize(1));
    first.run("set-null user");
    await().untilAsserted(() -> assertThat(indexed()).isEmpty());
  }

  private static List<String> indexed() {
    return redis.keys().stream()
        .filter(key -> key.matches("holdfast:shop:user:\\{(?!nodes).*"))
        .toList();
  }

  @Test
  void aNumberAndAPrincipalNameTheirUserAndABeanDoesNot() {
    Browser browser = one.browser("/shop");
    browser.run("set-new userId java.lang.Integer 42");
    assertThat(userOf(browser)).isEqualTo("42");
    browser.run("set-new principal dev.holdfast.container.app.Account carol");
    assertThat(userOf(browser)).as("the first in login.attributes is still userId").isEqualTo("42");
    browser.run("set username ada");
    assertThat(userOf(browser)).as("comes before them").isEqualTo("ada");
    browser.run("set-cart user");
    assertThat(userOf(browser)).as("a bean names nobody").isEqualTo("ada");
    browser.run("remove username", "remove userId");
    assertThat(userOf(browser)).isEqualTo("carol");
    browser.run("remove principal");
    assertThat(userOf(browser)).isEqualTo("null");
  }

  @Test
  void whomTheContainerNamesComesBeforeAnAttribute() {
    Browser browser = loggedIn(one, "/shop");
    browser.run("login root toor");
    assertThat(userOf(browser)).isEqualTo("root");
    browser.run("set user bob");
    assertThat(userOf(browser)).isEqualTo("root");
    browser.run("remove user");
    assertThat(userOf(browser)).isEqualTo("root");
    browser.run("set user bob", "logout");
    assertThat(userOf(browser)).as("the attribute is still there").isEqualTo("bob");

    browser.send("GET", Browser.probe("authenticate"), null, Map.of("Authorization", ROOT));
    assertThat(userOf(browser)).isEqualTo("root");
  }

  @Test
  void aValueThatIsRefusedLogsNobodyIn() {
    Browser browser = loggedIn(one, "/shop");

    browser.run("quiet", "set user " + "a".repeat(400), "set-bytes user 2000000");

    assertThat(userOf(browser)).isEqualTo("a".repeat(400));
    Browser strict = one.browser("/shop");
    assertThat(strict.run("quiet", "set-bytes username 2000000").status()).isEqualTo(200);
    assertThat(userOf(strict)).isEqualTo("null");
  }

  @Test
  void oneLoginTooManyIsAnswered409AndNothingOfItIsStored() {
    for (int i = 0; i < 3; i++) {
      loggedIn(i % 2 == 0 ? one : two, "/refuse");
    }
    Browser fourth = two.browser("/refuse");
    fourth.run("set color red");
    Map<String, String> before = Map.copyOf(fourth.cookies());

    Reply refused = fourth.run("set account 7", "set user alice");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.setCookies()).isEmpty();
    assertThat(refused.text()).doesNotContain("done", "\tat ", "Exception");
    assertThat(fourth.cookies()).isEqualTo(before);
    for (ContainerNode node : List.of(one, two)) {
      Reply still = fourth.at(node).run("get color", "names");
      assertThat(still.of("get color")).isEqualTo("red");
      assertThat(still.of("names")).isEqualTo("[color]");
    }
    Reply firstVisit = one.browser("/refuse").run("set user alice");
    assertThat(firstVisit.status()).isEqualTo(409);
    assertThat(firstVisit.setCookies()).isEmpty();

    assertThat(devices(fourth, "all&user=alice")).isEqualTo("3");
    assertThat(fourth.run("set user alice").status()).as("there is room").isEqualTo(200);
    assertThat(isLoggedIn(fourth.at(one))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/refuse", "/oldest"})
  void ofTwentyLoginsAtOnceThreeAnswer(String contextPath) {
    List<Browser> browsers = new ArrayList<>();
    List<CompletableFuture<Reply>> logins = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Browser browser = (i % 2 == 0 ? one : two).browser(contextPath);
      if (i % 4 < 2) {
        browser.run("set color red");
      }
      browsers.add(browser);
    }
    browsers.forEach(browser -> logins.add(browser.start("set user alice")));
    List<Integer> statuses =
        logins.stream()
            .map(CompletableFuture::join)
            .map(Reply::status)
            .collect(Collectors.toList());

    assertThat(browsers.stream().filter(AttributeLoginsIT::isLoggedIn)).hasSize(3);
    if (contextPath.equals("/refuse")) {
      assertThat(statuses).containsOnly(200, 409).filteredOn(status -> status == 200).hasSize(3);
    } else {
      assertThat(statuses).containsOnly(200);
    }
  }
}
