package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.StandaloneServer.Kind;
import dev.holdfast.container.app.ProbeServlet;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The library in the lib of a server, for WARs that know nothing of it: applications of the test,
 * one with Spring Security, one that is left out, one with a wrong setting, and one that has the
 * library in its WAR as well.
 */
class ServerWideIT {
  private static final int REDEPLOYS = Container.isFull() ? 5 : 1;

  /** Applications that are left at the end: shop, plain, own and portal. */
  private static final long LEFT = 4;

  private static final Pattern CSRF =
      Pattern.compile(
          "name=\"_csrf\"[^>]*value=\"([^\"]+)\"|value=\"([^\"]+)\"[^>]*name=\"_csrf\"");

  private static final String SETTINGS =
      """
      redis.uri = %s
      [/desk].app = office
      [/plain].enabled = false
      [/plain].redis.uri = no address
      [/portal].codec.allow = org.springframework.security.*
      [/wrong].touch = sometimes
      """;

  @TempDir Path directory;

  /** Those of one family in the short run. */
  static Stream<Kind> servers() {
    return Stream.of(Kind.values()).filter(kind -> kind.isTomcat() || Container.isFull());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void applicationsStayApartAndOneThatIsDeployedAnewLeavesNothing(Kind kind) throws Exception {
    // Without a login: Jetty would want users for it.
    WarBuilder probe =
        WarBuilder.empty()
            .packageOf(ProbeServlet.class)
            .webXml(WarBuilder.SERVLET.replaceFirst("(?s)<login-config>.*", ""));
    Path war = probe.in(directory);
    Path own = probe.holdfastAll().in(directory);
    Path portal =
        WarBuilder.copyOf(
                Path.of(
                    System.getProperty("holdfast.containers", "target/containers"),
                    "spring-security-war/war"))
            .in(directory);
    try (RedisServer redis = RedisServer.start();
        StandaloneServer server =
            StandaloneServer.in(directory.resolve("base"), kind, SETTINGS.formatted(redis.uri()))
                .deploy("shop", war)
                .deploy("desk", war)
                .deploy("plain", war)
                .deploy("wrong", war)
                .deploy("own", own)
                .deploy("portal", portal)) {
      if (kind == Kind.TOMCAT) {
        server.deploy("examples", kind.home().resolve("webapps/examples"));
      }
      server.start("/shop", "/desk", "/plain", "/own");
      Browser shop = server.browser("/shop");
      Browser desk = shop.at("/desk");
      assertThatTheyStayApart(redis, server, shop, desk);
      Browser user = logIn(server.browser("/portal"));
      if (kind == Kind.TOMCAT) {
        assertThatTheExamplesHaveOurs(server.browser("/examples"));
      }

      underTraffic(server);

      Reply after = shop.run("get color", "get cart", "type cart", "is-new");
      assertThat(after.of("get color")).isEqualTo("red");
      assertThat(after.of("type cart")).isEqualTo("dev.holdfast.container.app.Cart");
      assertThat(after.of("is-new")).isEqualTo("false");
      server.redeploy("portal");
      await().until(() -> user.get("/public").status() == 200);
      assertThat(user.get("/who").of("user")).as("logged in as before").isEqualTo("root");
      assertThat(server.threads("office")).isNotEmpty();
      server.undeploy("desk");
      assertThatNothingIsLeft(server, kind, user);
      assertThat(server.threads("office")).isEmpty();
      assertThat(redis.keys()).anyMatch(key -> key.startsWith("holdfast:office:{"));
    }
  }

  private static void assertThatTheyStayApart(
      RedisServer redis, StandaloneServer server, Browser shop, Browser desk) {
    shop.run("set color red", "set-cart cart", "add cart anvil");
    assertThat(desk.run("session", "set color blue").of("session")).isEqualTo("none");
    assertThat(shop.run("get color", "get cart").of("get color")).isEqualTo("red");
    assertThat(shop.cookies())
        .containsKeys("__Host-shop-sid", "__Host-office-sid")
        .doesNotContainKey("JSESSIONID");
    assertThat(redis.keys())
        .anyMatch(key -> key.startsWith("holdfast:shop:{"))
        .anyMatch(key -> key.startsWith("holdfast:office:{"))
        .noneMatch(key -> key.startsWith("holdfast:desk:"));

    Browser plain = server.browser("/plain");
    plain.run("set color red");
    assertThat(plain.run("get color").of("get color")).isEqualTo("red");
    assertThat(plain.cookies()).containsOnlyKeys("JSESSIONID");

    Browser own = server.browser("/own");
    own.run("set color red");
    assertThat(own.run("get color").of("get color")).isEqualTo("red");
    assertThat(own.cookies()).as("with a jar of its own").containsOnlyKeys("__Host-own-sid");
    assertThat(server.deployments("own")).isEqualTo(1);
    assertThat(server.serves("/wrong", "/probe")).as("with a wrong setting").isFalse();
    assertThat(server.log())
        .contains("touch = sometimes: no such choice")
        .contains("holdfast.properties for /wrong")
        .contains("settings are written for the applications at [/desk, /plain, /portal, /wrong]");
  }

  private static void assertThatTheExamplesHaveOurs(Browser examples) {
    String page = "/servlets/servlet/SessionExample";
    examples.post(page, Map.of("dataname", "color", "datavalue", "red"));
    assertThat(examples.get(page).text()).contains("color = red");
    assertThat(examples.cookies()).containsOnlyKeys("__Host-examples-sid");
  }

  private static Browser logIn(Browser browser) {
    browser.get("/admin");
    Reply page = browser.get("/login");
    Matcher csrf = CSRF.matcher(page.text());
    assertThat(csrf.find()).as(page.toString()).isTrue();
    String token = csrf.group(1) != null ? csrf.group(1) : csrf.group(2);
    browser.post("/login", Map.of("username", "root", "password", "toor", "_csrf", token));
    assertThat(browser.get("/who").of("user")).isEqualTo("root");
    assertThat(browser.cookies()).containsOnlyKeys("__Host-portal-sid");
    return browser;
  }

  /** Deploys one application anew while requests go to it and to another one. */
  private static void underTraffic(StandaloneServer server) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    Queue<String> unexpected = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (String path : List.of("/shop", "/shop", "/desk")) {
      boolean stops = path.equals("/shop");
      Thread client =
          new Thread(
              () -> visit(server.browser(path), stops, over, answered, unexpected), "client");
      client.start();
      clients.add(client);
    }
    for (int i = 0; i < REDEPLOYS; i++) {
      int before = answered.get();
      await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() > before + 20);
      server.redeploy("shop");
    }
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
    await().until(() -> server.serves("/shop", "/probe"));
    assertThat(unexpected).isEmpty();
  }

  /** Counts in its session; a number that was acknowledged is there again. */
  private static void visit(
      Browser browser,
      boolean stops,
      AtomicBoolean over,
      AtomicInteger answered,
      Queue<String> unexpected) {
    int acknowledged = 0;
    while (!over.get()) {
      Reply reply =
          browser.run("create", "get count", "sleep 10", "set count " + (acknowledged + 1));
      if (reply.status() == 200) {
        String found = reply.of("get count");
        // What was refused or cut off may have been stored all the same.
        boolean expected =
            found.equals(acknowledged == 0 ? "null" : "" + acknowledged)
                || found.equals("" + (acknowledged + 1));
        if (!expected) {
          unexpected.add("found " + found + " after " + acknowledged);
        }
        acknowledged++;
        answered.incrementAndGet();
      } else if (!stops || (reply.status() != 404 && reply.status() != 503)) {
        unexpected.add(reply.toString());
      }
    }
  }

  /**
   * Class loaders: of the applications that are there. Jetty keeps that of one that has failed, and
   * may hold one more, however many there were.
   */
  private static void assertThatNothingIsLeft(StandaloneServer server, Kind kind, Browser user) {
    long examples = kind == Kind.TOMCAT ? 1 : 0;
    long least = kind.isTomcat() ? LEFT + examples : LEFT + 1;
    long most = kind.isTomcat() ? LEFT + examples : LEFT + 2;
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              for (int i = 0; i < 20; i++) {
                user.start("get color").join();
              }
              assertThat(server.loaders()).isBetween(least, most);
            });
  }
}
