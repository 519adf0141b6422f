package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.container.app.AheadListener;
import dev.holdfast.container.late.LateServlet;
import dev.holdfast.container.spoiling.SpoilingListener;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** How the library gets into an application, and what it says of its settings. */
@EachContainer
class DeploymentIT {

  private static final String FILTER =
      """
      <filter>
        <filter-name>sessions</filter-name>
        <filter-class>dev.holdfast.HoldfastFilter</filter-class>
        <async-supported>true</async-supported>
        %s
      </filter>
      <filter-mapping>
        <filter-name>sessions</filter-name>
        <url-pattern>%s</url-pattern>
        <dispatcher>REQUEST</dispatcher>
        <dispatcher>FORWARD</dispatcher>
        <dispatcher>INCLUDE</dispatcher>
        <dispatcher>ERROR</dispatcher>
        <dispatcher>ASYNC</dispatcher>
      </filter-mapping>
      """;

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode node;

  private final Container container;

  DeploymentIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start("--requirepass", "hunter2");
    node =
        ContainerNode.on(container)
            .deploy("/jar", WarBuilder.probe().holdfast().in(directory))
            .deploy("/packed", WarBuilder.probe().holdfast().packedIn(directory))
            .deploy("/all", WarBuilder.probe().holdfastAll().in(directory))
            .deploy("/declared", declared())
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .start();
  }

  /** The filter in web.xml, and settings in three places. */
  private static Path declared() {
    String params = param("init-param", "prefix", "mine");
    return WarBuilder.probe(
            param("context-param", "holdfast.prefix", "theirs") + FILTER.formatted(params, "/*"))
        .resource("WEB-INF/classes/holdfast.properties", "app = named\n")
        .holdfast()
        .in(directory);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.stop();
    String log = node.log();
    node.close();
    redis.close();
    assertThat(log.lines().filter(line -> line.contains("redis.uri = redis://***@")))
        .as("the start-up reports, one per application")
        .hasSize(4);
    assertThat(log.contains("hunter2")).as("a password in the log").isFalse();
  }

  @Test
  void theJarAloneIsEnough() {
    assertIsKeptInRedis("/jar", "holdfast:jar:{");
  }

  @Test
  void theJarAloneIsEnoughInAPackedWar() {
    assertIsKeptInRedis("/packed", "holdfast:packed:{");
  }

  @Test
  void theAllInOneJarAloneIsEnough() {
    assertIsKeptInRedis("/all", "holdfast:all:{");
  }

  @Test
  void aFilterInWebXmlIsTheOnlyOneAndItsInitParamsWin() {
    assertIsKeptInRedis("/declared", "mine:named:{");
  }

  @Test
  void whereItIsSwitchedOffTheContainerKeepsTheSessionsAndNothingElseIsAsked() {
    String off =
        param("context-param", "holdfast.enabled", "false")
            + param("context-param", "holdfast.redis.uri", "no address");
    try (ContainerNode plain =
        ContainerNode.on(container)
            .deploy("/jar", WarBuilder.probe(off).holdfast().in(directory))
            .deploy(
                "/declared",
                WarBuilder.probe(off + FILTER.formatted("", "/*")).holdfast().in(directory))
            .start()) {
      for (String path : new String[] {"/jar", "/declared"}) {
        Browser user = plain.browser(path);

        Reply created = user.run("set color red");

        assertThat(created.setCookies()).as(path).hasSize(1);
        assertThat(created.setCookies().get(0).name()).isEqualTo("JSESSIONID");
        assertThat(user.run("get color").of("get color")).isEqualTo("red");
        assertThat(plain.log())
            .contains("Holdfast leaves the sessions of " + path + " to the container");
      }
    }
  }

  /** Where the jar may not add its filter itself, code may add one before it. */
  @Test
  void aFilterThatComesBeforeOursIsNamedAndTheNameInTheOrderingPutsOursFirst() {
    String listener =
        "<listener><listener-class>"
            + AheadListener.class.getName()
            + "</listener-class></listener>";
    try (ContainerNode both =
        ContainerNode.on(container)
            .deploy(
                "/behind",
                WarBuilder.probe(listener + "<absolute-ordering/>" + FILTER.formatted("", "/*"))
                    .holdfast()
                    .in(directory))
            .deploy(
                "/first",
                WarBuilder.probe(
                        listener
                            + "<absolute-ordering><name>dev_holdfast</name></absolute-ordering>")
                    .holdfast()
                    .in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .start()) {
      assertThat(both.log())
          .contains("/behind: before the filter of Holdfast come ahead: ")
          .doesNotContain("/first: before");
      Browser user = both.browser("/first");

      assertThat(user.run("get filtered").of("get filtered")).isEqualTo("1");
      assertThat(user.run("get filtered").of("get filtered")).isEqualTo("2");

      assertThat(user.cookies().keySet()).noneMatch(name -> name.equals("JSESSIONID"));
    }
  }

  @Test
  void badSettingsStopTheDeploymentWithOneMessageThatListsThemAll() {
    String params =
        param("init-param", "redis.uri", "redis://user:hunter2@localhost:notaport")
            + param("init-param", "touch.intervall", "1m");
    Path war =
        WarBuilder.probe(
                param("context-param", "holdfast.cookie.secure", "perhaps")
                    + FILTER.formatted(params, "/*"))
            .resource("WEB-INF/classes/holdfast.properties", "cache.size = 64 elephants\n")
            .holdfast()
            .in(directory);

    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(
            () ->
                ContainerNode.on(container)
                    .deploy("/shop", war)
                    .environment("HOLDFAST_REDIS_TIMEOUT", "5")
                    .systemProperty("holdfast.retry-after", "never")
                    .start())
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains(
                        "settings have 6 faults",
                        "init-param: redis.uri = redis://***: ",
                        "init-param: touch.intervall: there is no such setting, did you mean"
                            + " touch.interval?",
                        "context-param: holdfast.cookie.secure = perhaps: ",
                        "system property: holdfast.retry-after = never: ",
                        "environment: HOLDFAST_REDIS_TIMEOUT = 5: the unit is missing",
                        "holdfast.properties: cache.size = 64 elephants: ")
                    .doesNotContain("hunter2"));
  }

  @Test
  void withoutARedisUriTheDeploymentStopsAndSaysWhatToSet() {
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(
            () ->
                ContainerNode.on(container)
                    .deploy("/shop", WarBuilder.probe().holdfast().in(directory))
                    .start())
        .withMessageContaining("HOLDFAST_REDIS_URI");
  }

  /** Without that the sessions would stay in the container, and nobody would be told. */
  @Test
  void theJarOfTheOtherServletApiStopsTheDeploymentAndNamesTheRightOne() throws IOException {
    boolean javax = container.isJavax();
    Path other = WarBuilder.jarNamedBy(javax ? "holdfast.all.jar" : "holdfast.all.javax.jar");
    Path war =
        WarBuilder.probe()
            .bytes("WEB-INF/lib/holdfast-other.jar", Files.readAllBytes(other))
            .in(directory);
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(() -> ContainerNode.on(container).deploy("/shop", war).start())
        .withMessageContaining(
            "this server has " + (javax ? "javax" : "jakarta") + ".servlet, and the application")
        .withMessageContaining(javax ? "-all-javax.jar into" : "-all.jar into");
  }

  /** However the filter gets there, nothing of the application has run. */
  @Test
  void aWrongSettingStopsTheDeploymentInTheInitializer() {
    String uri = param("context-param", "holdfast.redis.uri", "redis://localhost:notaport");
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(() -> deploySpoiling(uri))
        .withMessageContaining("dev.holdfast.HoldfastInitializer.onStartup")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("THE APPLICATION RUNS"));
    String params = param("init-param", "redis.uri", "redis://localhost:notaport");
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(() -> deploySpoiling(FILTER.formatted(params, "/*")))
        .withMessageContaining("dev.holdfast.HoldfastInitializer.onStartup")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("THE APPLICATION RUNS"));
  }

  @Test
  void twoDeclarationsOfTheFilterStopTheDeployment() {
    String twice =
        FILTER.formatted("", "/*")
            + FILTER.formatted("", "/more/*").replace("sessions", "more-sessions");
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(() -> deploySpoiling(twice))
        .withMessageContaining("HoldfastFilter more than once, as ");
  }

  @Test
  void whatAListenerSpoilsStopsTheDeploymentToo() {
    for (String filter : new String[] {"", FILTER.formatted("", "/*")}) {
      assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
          .isThrownBy(() -> deploySpoiling(filter))
          .withMessageContaining("THE APPLICATION RUNS")
          .withMessageContaining("the cookie name __Secure-sid needs cookie.secure=always");
    }
  }

  private void deploySpoiling(String elements) {
    String listener =
        "<listener><listener-class>"
            + SpoilingListener.class.getName()
            + "</listener-class></listener>\n";
    Path war =
        WarBuilder.probe(elements + listener)
            .classes(SpoilingListener.class)
            .holdfast()
            .in(directory);
    ContainerNode.on(container)
        .deploy("/shop", war)
        .environment("HOLDFAST_REDIS_URI", redis.uri())
        .environment("HOLDFAST_COOKIE_SECURE", "auto")
        .start()
        .close();
  }

  /** A container lets a request go on that was on its way when it stopped the application. */
  @Test
  void aRequestThatComesToADestroyedFilterIsServedWithoutASessionOrUnavailable() {
    Path war =
        WarBuilder.empty()
            .packageOf(LateServlet.class)
            .webXml(FILTER.formatted("", "/elsewhere"))
            .holdfast()
            .in(directory);
    try (ContainerNode late =
        ContainerNode.on(container)
            .deploy("/stopped", war)
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .start()) {
      Browser user = late.browser("/stopped");
      Reply withoutSession = user.get("/late");
      assertThat(withoutSession.status()).isEqualTo(200);
      assertThat(withoutSession.text()).isEqualTo("served");

      Reply withSession = user.get("/late?session");
      assertThat(withSession.status()).as(withSession.toString()).isEqualTo(503);
      assertThat(withSession.header("Retry-After")).isPresent();
      assertThat(withSession.setCookies()).isEmpty();
    }
  }

  private static void assertIsKeptInRedis(String contextPath, String keyPrefix) {
    Browser user = node.browser(contextPath);
    assertThat(user.run("set color red").status()).isEqualTo(200);
    assertThat(user.run("get color").of("get color")).isEqualTo("red");
    assertThat(user.cookies()).hasSize(1).doesNotContainKey("JSESSIONID");
    assertThat(redis.keys()).anyMatch(key -> key.startsWith(keyPrefix));
  }

  private static String param(String kind, String name, String value) {
    return "<%1$s><param-name>%2$s</param-name><param-value>%3$s</param-value></%1$s>%n"
        .formatted(kind, name, value);
  }
}
