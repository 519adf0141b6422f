package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logins by the container's own means on node 1, which is killed then. They last on node 2 until
 * the logout.
 */
@EachContainer
class LoginIT {
  private static final Map<String, String> ROOT =
      Map.of(
          "Authorization",
          "Basic "
              + Base64.getEncoder()
                  .encodeToString("root:toor".getBytes(StandardCharsets.ISO_8859_1)));

  @TempDir Path directory;
  private RedisServer redis;
  private ContainerNode one;
  private ContainerNode two;

  private final Container container;

  LoginIT(Container container) {
    this.container = container;
  }

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/basic", FormWar.basic(directory))
            .deploy("/form", FormWar.form("", directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    one = builder.begin();
    two = builder.start();
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    redis.close();
  }

  @Test
  void aLoginOutlivesItsNodeUntilTheLogout() {
    Browser byPassword = one.browser("/basic");
    byPassword.run("set color red", "login root toor");
    Browser byHeader = one.browser("/basic");
    byHeader.run("set color blue");
    String planted = cookieHeader(byHeader);
    Reply asked = byHeader.send("GET", Browser.probe("authenticate", "user"), null, ROOT);
    assertThat(asked.of("authenticate")).isEqualTo("true");
    Browser byConstraint = one.browser("/basic");
    byConstraint.run("set color green");
    String alsoPlanted = cookieHeader(byConstraint);
    String closed = "/closed" + Browser.probe("user", "get color");
    assertThat(byConstraint.get(closed).status()).isEqualTo(401);
    Reply let = byConstraint.send("GET", closed, null, ROOT);
    assertThat(let.of("user")).isEqualTo("root true");
    assertThat(let.of("get color")).isEqualTo("green");
    assertThat(Complaints.of(one)).isEmpty();

    one.kill();

    for (Browser browser : new Browser[] {byPassword.at(two), byHeader.at(two)}) {
      Reply reply = browser.run("user", "in-role admin", "in-role user", "in-role nobody");
      assertThat(reply.of("user")).isEqualTo("root true");
      assertThat(reply.of("in-role admin")).isEqualTo("true");
      assertThat(reply.of("in-role user")).isEqualTo("true");
      assertThat(reply.of("in-role nobody")).isEqualTo("false");
      browser.run("logout");
      assertThat(browser.run("user", "in-role admin").of("user")).isEqualTo("null false");
      assertThat(browser.run("in-role admin").of("in-role admin")).isEqualTo("false");
    }
    Browser open = byConstraint.at(two);
    assertThat(open.run("get color").of("get color")).isEqualTo("green");
    assertThat(open.get(closed).status())
        .as("a constraint is the container's: it asks each time")
        .isEqualTo(401);
    assertThat(open.send("GET", closed, null, ROOT).of("get color")).isEqualTo("green");
    for (String dead : new String[] {planted, alsoPlanted}) {
      assertThat(open.runWithCookies(dead, "session").of("session")).isEqualTo("none");
    }
    assertThat(byPassword.history()).extracting(SetCookie::name).doesNotContain("JSESSIONID");
    assertThat(Complaints.of(two)).isEmpty();
  }

  @Test
  void aFormLoginOutlivesItsNodeUntilTheLogout() {
    Browser atOne = one.browser("/form");
    atOne.run("set color red");
    String planted = cookieHeader(atOne);
    String closed = "/closed" + Browser.probe("user", "get color");
    atOne.get(closed);
    assertThat(atOne.cookies()).as("the container's own session").containsKey("JSESSIONID");

    Reply login =
        atOne.post("/j_security_check", Map.of("j_username", "root", "j_password", "toor"));
    assertThat(login.status()).as(login.toString()).isIn(302, 303);
    Reply let = atOne.follow(login);
    assertThat(let.of("user")).as(let.toString()).isEqualTo("root true");
    assertThat(let.of("get color")).isEqualTo("red");
    assertThat(cookieHeader(atOne)).as("a new id of ours too").isNotEqualTo(planted);
    assertThat(Complaints.of(one)).isEmpty();

    String old = allCookies(atOne);
    one.kill();
    Browser atTwo = atOne.at(two);
    assertThat(atTwo.run("get color").of("get color")).isEqualTo("red");
    assertThat(atTwo.get(closed).of("user")).isEqualTo("root true");
    atTwo.run("logout");
    assertThat(atTwo.get(closed).text()).as("the login page").doesNotContain("user -> root");
    assertThat(atTwo.runWithCookies(old, "user").of("user")).isEqualTo("null false");
  }

  private static String allCookies(Browser browser) {
    return browser.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  private static String cookieHeader(Browser browser) {
    return browser.cookies().entrySet().stream()
        .filter(cookie -> cookie.getKey().startsWith("__Host-"))
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .findFirst()
        .orElseThrow();
  }
}
