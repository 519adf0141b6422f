package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.container.StandaloneServer.Kind;
import dev.holdfast.container.app.ProbeServlet;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The filter in a web.xml of Tomcat's own, for all applications or those of a host: for
 * applications that know nothing of it, have it as well, or refuse what libraries add; and what
 * their administrator sees of each over JMX.
 */
class ServerFilterIT {
  private static final String FILTER =
      """
      <filter>
        <filter-name>%s</filter-name>
        <filter-class>dev.holdfast.HoldfastFilter</filter-class>
        <async-supported>true</async-supported>
        %s
      </filter>
      <filter-mapping>
        <filter-name>%1$s</filter-name>
        <url-pattern>/*</url-pattern>
        <dispatcher>REQUEST</dispatcher>
        <dispatcher>FORWARD</dispatcher>
        <dispatcher>INCLUDE</dispatcher>
        <dispatcher>ERROR</dispatcher>
        <dispatcher>ASYNC</dispatcher>
      </filter-mapping>
      """;

  /** A filter of the application that uses the session. */
  private static final String COUNTING =
      """
      <filter>
        <filter-name>counting</filter-name>
        <filter-class>dev.holdfast.container.app.CountingFilter</filter-class>
        <async-supported>true</async-supported>
      </filter>
      <filter-mapping>
        <filter-name>counting</filter-name>
        <url-pattern>/*</url-pattern>
      </filter-mapping>
      """;

  /** Nothing of ours: Jetty and a standalone Tomcat would want users for a login. */
  private static final String PROBE =
      COUNTING + WarBuilder.SERVLET.replaceFirst("(?s)<login-config>.*", "");

  private static final String SETTINGS =
      """
      [/line].app = written
      [/line].prefix = line
      [/off].enabled = false
      [/same].app = not-this
      [/same].prefix = line
      [/declares].redis.uri = redis://127.0.0.1:1
      """;

  /** Where what is served, as {@code prefix:app} says in Redis. */
  private static final Map<String, String> KEPT =
      Map.ofEntries(
          Map.entry("/first", "server:first"),
          Map.entry("/plain", "server:plain"),
          Map.entry("/line", "line:written"),
          Map.entry("/param", "server:by-param"),
          Map.entry("", "server:root"),
          Map.entry("/a/b", "server:a-b"),
          Map.entry("/shop", "server:shop"),
          Map.entry("/same", "line:its-own"),
          Map.entry("/declares", "server:declares"),
          Map.entry("/own", "server:own"),
          Map.entry("/both", "server:both"),
          Map.entry("/ordered", "server:ordered"),
          Map.entry("/own-ordered", "server:own-ordered"),
          Map.entry("/complete", "server:complete"));

  /** Tomcat's own sessions are on disk within a second, and back after a restart. */
  private static final String MANAGER =
      """
      <Manager className="org.apache.catalina.session.PersistentManager"
          saveOnRestart="true" maxIdleBackup="0" persistAuthentication="true">
        <Store className="org.apache.catalina.session.FileStore"/>
      </Manager>
      """;

  @TempDir Path directory;

  /** What every build has, in the short run. */
  static Stream<Arguments> servers() {
    Arguments here = Arguments.of(Kind.TOMCAT, "web.xml");
    return Container.isFull()
        ? Stream.of(
            here,
            Arguments.of(Kind.TOMCAT, "Catalina/localhost/web.xml.default"),
            Arguments.of(Kind.DEBIAN, "web.xml"))
        : Stream.of(here);
  }

  private static String init(String name, String value) {
    return "<init-param><param-name>%s</param-name><param-value>%s</param-value></init-param>\n"
        .formatted(name, value);
  }

  private Path war(String elements) {
    return probe().webXml(elements + PROBE).in(directory);
  }

  private static WarBuilder probe() {
    return WarBuilder.empty().packageOf(ProbeServlet.class).webXml(PROBE);
  }

  @ParameterizedTest
  @MethodSource("servers")
  void itIsTheOneFilterOfEachApplicationAndBeforeItsOwn(Kind kind, String descriptor)
      throws Exception {
    assumeTrue(kind.isPossible(), () -> kind + " is not there");
    Path plain = war("");
    WarBuilder own = probe().holdfastAll();
    String complete =
        "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\""
            + " metadata-complete=\"true\">"
            + PROBE
            + "</web-app>";
    try (RedisServer redis = RedisServer.start();
        StandaloneServer server =
            StandaloneServer.in(directory.resolve("base"), kind, SETTINGS)
                .declare(descriptor, declaration(redis))
                .configure("context.xml", "</Context>", MANAGER + "$0")
                .configure(
                    "tomcat-users.xml",
                    "</tomcat-users>",
                    "<user username=\"alice\" password=\"secret\" roles=\"user\"/>$0")
                // Tomcat deploys what is packed before what is not.
                .deploy("first.war", probe().packedIn(directory))
                .deploy("plain", plain)
                .deploy("line", plain)
                .deploy("param", plain)
                .deploy("off", plain)
                .deploy("ROOT", plain)
                .deploy("a#b", plain)
                .deploy("shop##1", plain)
                .deploy("shop##2", plain)
                .deploy("same", war(FILTER.formatted("holdfast", init("app", "its-own"))))
                .deploy(
                    "declares", war(FILTER.formatted("sessions", init("redis.uri", redis.uri()))))
                .deploy("own", own.in(directory))
                .deploy("both", own.webXml(FILTER.formatted("mine", "") + PROBE).in(directory))
                .deploy("ordered", war("<absolute-ordering/>"))
                .deploy("own-ordered", own.webXml("<absolute-ordering/>" + PROBE).in(directory))
                .deploy("complete", probe().resource("WEB-INF/web.xml", complete).in(directory))
                .deploy("form", FormWar.bare("", "").in(directory))) {
      server.start("/plain", "/off");
      for (Map.Entry<String, String> application : KEPT.entrySet()) {
        assertThatTheirsAreOurs(server, redis, application.getKey(), application.getValue());
      }
      Browser off = server.browser("/off");
      off.run("set color red");
      assertThat(off.run("get filtered").of("get filtered")).isEqualTo("2");
      assertThat(off.cookies()).containsOnlyKeys("JSESSIONID");
      assertThat(server.log()).doesNotContain("SEVERE").doesNotContain("WARNING");

      assertThatEachHasItsMBean(server);
      assertThatTomcatsOwnManagerDoesNotDisturb(server);
    }
  }

  private static String declaration(RedisServer redis) {
    return FILTER.formatted(
        "holdfast",
        init("redis.uri", redis.uri())
            + init("prefix", "server")
            + init("[/param].app", "by-param"));
  }

  private static void assertThatTheirsAreOurs(
      StandaloneServer server, RedisServer redis, String path, String keys) {
    Browser browser = server.browser(path);
    browser.run("set color red");
    Reply reply = browser.run("get color", "get filtered");
    assertThat(reply.status()).as("at " + path).isEqualTo(200);
    assertThat(reply.of("get color")).isEqualTo("red");
    assertThat(reply.of("get filtered")).as("by the filter of " + path).isEqualTo("2");
    String app = keys.substring(keys.indexOf(':') + 1);
    assertThat(browser.cookies())
        .containsOnlyKeys(path.isEmpty() ? "__Host-sid" : "__Host-" + app + "-sid");
    assertThat(redis.keys()).anyMatch(key -> key.startsWith(keys + ":{"));
    assertThat(server.deployments(path.substring(Math.min(1, path.length()))))
        .as("start-up reports of " + path)
        .isEqualTo(path.equals("/shop") ? 2 : 1);
  }

  /** One for each, also for two versions at one path, as long as it is there. */
  private static void assertThatEachHasItsMBean(StandaloneServer server) throws Exception {
    Set<String> expected = new TreeSet<>(Set.of(bean("form")));
    KEPT.values().forEach(keys -> expected.add(bean(keys.substring(keys.indexOf(':') + 1))));
    expected.remove(bean("shop"));
    expected.add(bean("shop") + ",version=\"1\"");
    expected.add(bean("shop") + ",version=\"2\"");
    try (NodeJvm jvm = new NodeJvm(server.pid())) {
      assertThatThereAreJust(expected, jvm);
      assertThat(jvm.attribute(bean("a-b"), "Created")).isEqualTo(1L);
      assertThat(jvm.attribute(bean("shop") + ",version=\"2\"", "Created"))
          .as("the newest version has the requests")
          .isEqualTo(1L);

      server.remove("first.war");
      server.remove("shop##1");
      server.remove("a#b");
      expected.remove(bean("first"));
      expected.remove(bean("shop") + ",version=\"1\"");
      expected.remove(bean("a-b"));
      assertThatThereAreJust(expected, jvm);
      // Told by its report: the log goes on without the application that was the first one.
      server.redeploy("plain");
      assertThatThereAreJust(expected, jvm);
      assertThat(jvm.attribute(bean("plain"), "Created")).as("a new one").isEqualTo(0L);
    }
  }

  private static void assertThatThereAreJust(Set<String> expected, NodeJvm jvm) {
    await()
        .untilAsserted(
            () ->
                assertThat(jvm.names("dev.holdfast:*"))
                    .containsExactlyInAnyOrderElementsOf(expected));
  }

  private static String bean(String app) {
    return "dev.holdfast:type=Sessions,app=\"" + app + "\"";
  }

  /** It keeps a session of Tomcat's for a login by FORM, and none for other applications. */
  private static void assertThatTomcatsOwnManagerDoesNotDisturb(StandaloneServer server)
      throws IOException {
    Browser plain = server.browser("/plain");
    plain.run("set-cart cart", "add cart anvil");
    Browser user = server.browser("/form");
    FormWar.logIn(user, "alice", "secret");
    user.run("set color red");
    await().until(() -> server.storedByTomcat("form") == 1);
    assertThat(server.storedByTomcat("plain")).isZero();

    server.close();
    server.start("/plain");

    assertThat(user.get(FormWar.CLOSED).of("user")).isEqualTo("alice true");
    assertThat(user.run("get color").of("get color")).isEqualTo("red");
    assertThat(plain.run("get cart").of("get cart")).contains("anvil");
    assertThat(plain.cookies()).containsOnlyKeys("__Host-plain-sid");
    user.run("invalidate");
    FormWar.isNobody(user);
    assertThat(server.log()).doesNotContain("SEVERE");
  }
}
