package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.devices.DevicesServlet;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spring Security as most applications have it: form login, a new session id at the login, and in
 * the session the security context, the CSRF token and the request that led to the login page. The
 * WAR is {@code spring-security-war} in {@code src/test/containers}.
 */
@AnyContainer(value = Container.JETTY_12_1, javax = false)
class SpringSecurityIT {

  private static final Path WAR =
      Path.of(
          System.getProperty("holdfast.containers", "target/containers"),
          "spring-security-war",
          "war");
  private static final Pattern CSRF =
      Pattern.compile(
          "name=\"_csrf\"[^>]*value=\"([^\"]+)\"|value=\"([^\"]+)\"[^>]*name=\"_csrf\"");

  @TempDir Path directory;

  private final Container container;

  SpringSecurityIT(Container container) {
    this.container = container;
  }

  @Test
  void theUserStaysLoggedInWithTheSameRolesWhenTheNodeIsKilled() {
    try (RedisServer redis = RedisServer.start()) {
      ContainerNode.Builder builder =
          ContainerNode.on(container)
              .deploy(
                  "/portal",
                  WarBuilder.copyOf(WAR)
                      .packageOf(DevicesServlet.class)
                      .holdfastAll()
                      .in(directory))
              .environment("HOLDFAST_CODEC_ALLOW", "org.springframework.security.*")
              .environment("HOLDFAST_REDIS_URI", redis.uri());
      try (ContainerNode one = builder.begin();
          ContainerNode two = builder.start()) {
        Browser atOne = one.browser("/portal");
        Browser atTwo = atOne.at(two);

        Reply turnedAway = atOne.get("/admin");
        assertThat(turnedAway.status()).as(turnedAway.toString()).isEqualTo(302);
        String planted = cookieHeader(atOne);
        String csrf = csrf(atTwo.get("/login"));
        assertThat(logIn(atTwo, "forged token").status()).isEqualTo(403);

        Reply login = logIn(atOne, csrf);

        assertThat(login.header("Location"))
            .as("where the user had been turned away: " + login)
            .hasValueSatisfying(location -> assertThat(location).contains("/portal/admin"));
        assertThat(cookieHeader(atOne)).isNotEqualTo(planted);
        assertIsRoot(atOne);
        assertIsRoot(atTwo);
        assertNobody(atOne, planted);
        assertNobody(atTwo, planted);
        assertLogsOutAnotherBrowser(one.browser("/portal"), atTwo);
        assertThat(Complaints.of(one)).isEmpty();

        one.kill();
        assertIsRoot(atTwo);
        assertNobody(atTwo, planted);

        String loggedIn = cookieHeader(atTwo);
        Reply logout = atTwo.post("/logout", Map.of("_csrf", csrf(atTwo.get("/logout"))));
        assertThat(logout.status()).as(logout.toString()).isEqualTo(302);
        assertNobody(atTwo, loggedIn);
        assertThat(atTwo.history()).extracting(SetCookie::name).doesNotContain("JSESSIONID");
        two.stop();
        assertThat(Complaints.of(two)).isEmpty();
      }
    }
  }

  /** Before Holdfast, and after it, the container keeps the security context. */
  @Test
  void theUserStaysLoggedInWhenHoldfastComesAndGoes() {
    Path war =
        WarBuilder.copyOf(WAR)
            .resource(
                "META-INF/context.xml", "<Context><Manager pathname=\"SESSIONS.ser\"/></Context>")
            .in(directory);
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("/portal", war)
                .environment("HOLDFAST_CODEC_ALLOW", "org.springframework.security.*")
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .systemProperty("driver.session-files", "true")
                .start()) {
      Browser browser = node.browser("/portal");
      browser.get("/admin");
      logIn(browser, csrf(browser.get("/login")));
      assertIsRoot(browser);

      reloaded(node, war, "container");
      assertIsRoot(browser);
      assertThat(browser.cookies()).containsOnlyKeys("__Host-portal-sid");

      reloaded(node, war, "out");
      assertIsRoot(browser);
      assertThat(browser.cookies()).containsOnlyKeys("JSESSIONID");
    }
  }

  private static void reloaded(ContainerNode node, Path war, String takeover) {
    WarBuilder.copyOf(WAR)
        .holdfast()
        .resource("WEB-INF/classes/holdfast.properties", "takeover=" + takeover + "\n")
        .resource("META-INF/context.xml", "<Context><Manager pathname=\"SESSIONS.ser\"/></Context>")
        .over(war);
    node.reload("/portal");
  }

  /** The sessions of a user are known by the name in Spring's security context. */
  private static void assertLogsOutAnotherBrowser(Browser other, Browser mine) {
    other.get("/admin");
    logIn(other, csrf(other.get("/login")));
    assertIsRoot(other);
    assertThat(mine.get("/devices?do=list").text().lines()).hasSize(2);

    assertThat(mine.get("/devices?do=others").text()).isEqualTo("1");

    assertNobody(other, cookieHeader(other));
    assertIsRoot(mine);
  }

  private static Reply logIn(Browser browser, String csrf) {
    return browser.post("/login", Map.of("username", "root", "password", "toor", "_csrf", csrf));
  }

  private static String csrf(Reply page) {
    Matcher matcher = CSRF.matcher(page.text());
    assertThat(matcher.find()).as(page.toString()).isTrue();
    return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
  }

  private static String cookieHeader(Browser browser) {
    return browser.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .findFirst()
        .orElseThrow();
  }

  private static void assertIsRoot(Browser browser) {
    Reply reply = browser.get("/admin");
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.of("user")).isEqualTo("root");
    assertThat(reply.of("authorities")).contains("ROLE_ADMIN").contains("ROLE_USER");
    assertThat(reply.of("remote user")).isEqualTo("root");
    assertThat(reply.of("admin")).isEqualTo("true");
  }

  /** Who comes with this cookie is nobody, and is sent to the login page. */
  private static void assertNobody(Browser browser, String cookie) {
    Reply open = browser.send("GET", "/public", null, Map.of("Cookie", cookie));
    assertThat(open.of("user")).isEqualTo("anonymousUser");
    Reply closed = browser.send("GET", "/admin", null, Map.of("Cookie", cookie));
    assertThat(closed.status()).as(closed.toString()).isEqualTo(302);
  }
}
