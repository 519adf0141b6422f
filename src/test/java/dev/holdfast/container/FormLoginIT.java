package dev.holdfast.container;

import static dev.holdfast.container.FormWar.CLOSED;
import static dev.holdfast.container.FormWar.USER;
import static dev.holdfast.container.FormWar.cookies;
import static dev.holdfast.container.FormWar.isNobody;
import static dev.holdfast.container.FormWar.leadNowhere;
import static dev.holdfast.container.FormWar.logIn;
import static dev.holdfast.container.FormWar.loggedIn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FORM login on two nodes: the container's session and ours live and die together. */
@EachContainer
class FormLoginIT {
  private static final String NAMED =
      "<session-timeout>30</session-timeout><cookie-config><name>SHOP</name></cookie-config>";

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  FormLoginIT(Container container) {
    assertThat(one).as("nodes of %s", container).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/form", FormWar.form("<session-timeout>30</session-timeout>", directory))
            .deploy("/named", FormWar.form(NAMED, directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    one = builder.begin();
    two = builder.start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/form", "/named"})
  void aUserOfOneNodeIsAUserOnTheOtherOnPagesUnderAConstraintToo(String path) {
    Browser browser = loggedIn(one, path, "alice", "wonderland");

    assertThat(browser.get(CLOSED).of("user")).isEqualTo("alice true");
    assertThat(browser.run("user").of("user")).isEqualTo("alice true");
    Browser other = browser.at(two);
    assertThat(other.get(CLOSED).of("user")).isEqualTo("alice true");
    assertThat(other.run("user", "in-role user", "in-role admin").of("in-role user"))
        .isEqualTo("true");
    assertThat(other.get("/admin" + USER).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalidate", "logout"})
  void theEndOfOursIsTheEndOfTheContainersOnEveryNode(String end) {
    for (String path : new String[] {"/form", "/named"}) {
      for (ContainerNode ending : new ContainerNode[] {one, two}) {
        Browser browser = loggedIn(one, path, "root", "toor");
        browser.run("set color red");
        browser.at(two).get(CLOSED);
        String old = cookies(browser);

        browser.at(ending).run(end);

        leadNowhere(old, one, path);
        leadNowhere(old, two, path);
        isNobody(browser.at(one));
        isNobody(browser.at(two));
        logIn(browser.at(one), "alice", "wonderland");
      }
    }
  }

  @Test
  void anEndInTheStoreIsTheEndOfTheContainers() {
    Browser browser = loggedIn(one, "/form", "root", "toor");
    assertThat(browser.get(CLOSED).of("user")).isEqualTo("root true");
    String old = cookies(browser);

    redis.flush();

    leadNowhere(old, one, "/form");
    isNobody(browser);
  }

  @Test
  void anotherUserAtTheSameBrowserIsTheOneWhoCounts() {
    Browser browser = loggedIn(one, "/form", "root", "toor");
    browser.at(two).run("logout");
    logIn(browser.at(two), "alice", "wonderland");

    assertThat(browser.run("user").of("user")).isEqualTo("alice true");
    assertThat(browser.get(CLOSED).of("user")).isEqualTo("alice true");
    assertThat(browser.get("/admin" + USER).status()).isEqualTo(403);
  }

  /** Under one name, the login page's cookie would be the end of the session from before. */
  @ParameterizedTest
  @ValueSource(strings = {"/form", "/named"})
  void aLoginGivesBothSessionsNewIds(String path) {
    Browser browser = one.browser(path);
    browser.run("set color red");
    browser.get(CLOSED);
    String planted = cookies(browser);

    logIn(browser, "root", "toor");

    leadNowhere(planted, one, path);
    assertThat(browser.run("get color").of("get color")).isEqualTo("red");
  }
}
