package dev.holdfast.container.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.Browser;
import dev.holdfast.container.Reply;
import dev.holdfast.container.SetCookie;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.container.app.listening.Named;
import dev.holdfast.container.app.listening.Scoped;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds on an application server: one WAR with listeners, a login, an error page and CDI, on
 * two nodes with one Redis. A server says in its own class what it does otherwise.
 */
@Tag("full")
@TestInstance(Lifecycle.PER_CLASS)
abstract class ServerContract {
  private static final String WEB_XML =
      """
      <listener><listener-class>%s</listener-class></listener>
      <listener><listener-class>%s</listener-class></listener>
      %s
      <servlet-mapping>
        <servlet-name>probe</servlet-name>
        <url-pattern>/staff</url-pattern>
      </servlet-mapping>
      <error-page>
        <error-code>500</error-code>
        <location>/probe?step=get+color</location>
      </error-page>
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>staff</web-resource-name>
          <url-pattern>/staff</url-pattern>
        </web-resource-collection>
        <auth-constraint><role-name>user</role-name></auth-constraint>
      </security-constraint>
      """
          .formatted(
              Named.Declared.class.getName(),
              Named.OfContextToo.class.getName(),
              WarBuilder.SERVLET);

  private static final String TOKEN = "0123456789abcdef".repeat(2);

  private final Distribution distribution;
  private RedisServer redis;
  private Path war;
  private ServerNode one;
  private ServerNode two;

  ServerContract(Distribution distribution) {
    this.distribution = distribution;
  }

  @BeforeAll
  void startTwoNodes(@TempDir Path directory) {
    redis = RedisServer.start();
    war =
        WarBuilder.probe()
            .webXml(WEB_XML)
            .classes(Named.class, Scoped.class)
            .resource(
                "WEB-INF/beans.xml",
                "<beans xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\""
                    + " bean-discovery-mode=\"all\"/>")
            .holdfastAll()
            .packedIn(directory);
    one = node();
    two = node();
  }

  @AfterAll
  void stopThem() {
    for (AutoCloseable started : Arrays.asList(one, two, redis)) {
      if (started != null) {
        try {
          started.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private ServerNode node() {
    return ServerNode.start(distribution, war, settings());
  }

  private Map<String, String> settings(String... more) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("HOLDFAST_REDIS_URI", redis.uri());
    settings.put("HOLDFAST_HEALTH_PATH", "/holdfast/health");
    settings.put("HOLDFAST_ADMIN_PATH", "/holdfast-admin");
    settings.put("HOLDFAST_ADMIN_TOKEN", TOKEN);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private Browser user() {
    return one.browser("/app");
  }

  @Test
  void aProbeHearsThatSessionsCanBeServed() {
    Reply health = one.browser("/app").send("GET", "/holdfast/health", null, Map.of());
    assertThat(health.status()).as(health.toString()).isEqualTo(200);
    assertThat(health.text()).contains("\"status\":\"UP\"");
  }

  @Test
  void theAdminViewEndsASessionOfTheOtherNode() {
    Browser user = user();
    String id = user.run("set color red", "id").of("id");
    Browser admin = two.browser("/app");
    Map<String, String> script =
        Map.of(
            "Authorization",
            "Bearer " + TOKEN,
            "Content-Type",
            "application/x-www-form-urlencoded");

    assertThat(admin.send("GET", "/holdfast-admin/", null, Map.of()).status()).isEqualTo(401);
    Reply overview = admin.send("GET", "/holdfast-admin/?format=json", null, script);
    assertThat(overview.status()).as(overview.toString()).isEqualTo(200);
    Reply ended = admin.send("POST", "/holdfast-admin/end?format=json", "id=" + id, script);
    assertThat(ended.text()).as(ended.toString()).isEqualToIgnoringWhitespace("{\"ended\": 1}");
    assertThat(user.run("get color").of("get color")).contains("no session");
    assertThat(user.history()).extracting(SetCookie::name).doesNotContain("JSESSIONID");
  }

  /** How the start-up report says where the listeners come from. */
  abstract String originOfListeners();

  @Test
  void aSessionIsOnBothNodes() {
    Browser user = user();
    user.run("set color red", "set-cart cart", "add cart apple");
    assertThat(user.at(two).run("get color", "add cart pear").of("get color")).isEqualTo("red");
    assertThat(user.run("get cart").of("get cart")).contains("apple", "pear");
    String before = user.run("id").of("id");
    String after = user.at(two).run("rotate", "id").of("id");
    assertThat(user.run("id", "get color").of("id")).isEqualTo(after).isNotEqualTo(before);
    assertThat(user.history()).extracting(SetCookie::name).doesNotContain("JSESSIONID");
  }

  @Test
  void sessionListenersAreCalledOnceEachOnTheServersOwnInstances() {
    Browser user = user();
    user.run("events");
    String events = user.run("create", "set a b", "rotate", "invalidate", "events").of("events");
    assertThat(Arrays.asList(events.substring(1, events.length() - 1).split(", (?!too|started)")))
        .containsExactlyInAnyOrderElementsOf(expectedEvents());
    assertThat(one.log()).contains("(" + originOfListeners() + ")");
  }

  /** All kinds of listeners, however they were added. */
  List<String> expectedEvents() {
    return List.of(
        "created: declared",
        "created: of context, too, started=true",
        "created: annotated",
        "created: added",
        "listener: 3",
        "added: declared",
        "added: of context, too",
        "added: annotated",
        "added: added",
        "id: declared",
        "id: of context, too",
        "id: annotated",
        "id: added",
        "destroyed: declared",
        "destroyed: of context, too",
        "destroyed: annotated",
        "destroyed: added");
  }

  @Test
  void aForwardShowsItsTargetAndKeepsWhatIsSet() {
    Browser user = user();
    Reply reply =
        user.run("quiet", "set color red", "forward " + Browser.probe("quiet", "print page"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("page\n");
    assertThat(user.at(two).run("get color").of("get color")).isEqualTo("red");
  }

  @Test
  void aLoginIsOnBothNodesAndEndsOnBoth() {
    Browser user = user();
    user.run("set color red");
    assertThat(user.run("login alice wonder", "user", "in-role user").of("user"))
        .isEqualTo("alice true");
    assertThat(user.at(two).run("user", "in-role user", "in-role admin", "get color").text())
        .isEqualTo(
            "user -> alice true\nin-role user -> true\nin-role admin -> false\nget color -> red\n");
    assertThat(user.run("user").of("user")).isEqualTo("alice true");
    String old = cookies(user);
    assertThat(user.at(two).run("invalidate").of("invalidate")).isEqualTo("done");
    for (Browser other : List.of(one.browser("/app"), two.browser("/app"))) {
      assertThat(other.runWithCookies(old, "user", "session").text())
          .isEqualTo("user -> null false\nsession -> none\n");
      assertThat(other.send("GET", "/staff?step=user", null, Map.of("Cookie", old)).status())
          .isEqualTo(401);
    }
  }

  private static String cookies(Browser user) {
    return user.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  @Test
  void basicLoginWorks() {
    Browser user = user();
    assertThat(user.get("/staff?step=user").status()).isEqualTo(401);
    Reply reply =
        user.send(
            "GET",
            "/staff?step=create&step=user",
            null,
            Map.of("Authorization", "Basic YWxpY2U6d29uZGVy"));
    assertThat(reply.of("user")).isEqualTo("alice true");
  }

  @Test
  void anErrorPageHasTheSession() {
    Reply reply = user().run("set color red", "strict", "throw runtime wanted");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.of("get color")).isEqualTo("red");
  }

  /** Whether the server lets its CDI live in our session. */
  boolean beansMove() {
    return true;
  }

  @Test
  void beansOfTheSessionAreOnBothNodesOrItIsSaidThatTheyAreNot() {
    String warning = "WARNING: the @SessionScoped";
    if (!beansMove()) {
      assertThat(one.log()).contains(warning);
      return;
    }
    assertThat(one.log()).doesNotContain(warning);
    Browser user = user();
    assertThat(user.get("/basket?add=apple").text()).isEqualTo("[apple] for 3");
    assertThat(user.at(two).get("/basket?add=pear").text()).isEqualTo("[apple, pear] for 6");
    assertThat(user.get("/basket").text()).isEqualTo("[apple, pear] for 6");
    user.at(two).get("/basket?end");
    assertThat(user.get("/basket").text()).isEqualTo("[] for 0");
  }

  @Test
  void whenANodeIsKilledTheOtherGoesOn() {
    try (ServerNode third = node()) {
      Browser user = third.browser("/app");
      assertThat(user.run("set color red", "login alice wonder").of("login alice wonder"))
          .isEqualTo("done");
      third.kill();
      assertThat(user.at(two).run("get color", "user").text())
          .isEqualTo("get color -> red\nuser -> alice true\n");
    }
  }

  @Test
  void undeploymentAndStopLeaveNoComplaint() {
    try (ServerNode third = node()) {
      Browser user = third.browser("/app");
      assertThat(user.run("set color red", "login alice wonder").of("login alice wonder"))
          .isEqualTo("done");
      if (third.undeploy()) {
        assertThat(user.get("/probe").status()).isEqualTo(404);
      }
      third.stop();
      assertThat(third.complaints()).isEmpty();
    }
  }

  @Test
  void aWrongSettingStopsTheDeployment() {
    try (ServerNode wrong =
        ServerNode.begin(distribution, war, settings("HOLDFAST_REDIS_TIMEOUT", "soon"))) {
      boolean served = wrong.isServed();
      // Some servers say that it is deployed before they start it, or though it has failed.
      await()
          .untilAsserted(() -> assertThat(wrong.log()).contains("HOLDFAST_REDIS_TIMEOUT = soon"));
      if (served) {
        assertThat(wrong.browser("/app").run("create").status()).isGreaterThanOrEqualTo(400);
      }
    }
  }
}
