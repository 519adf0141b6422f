package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        <url-pattern>/*</url-pattern>
        <dispatcher>REQUEST</dispatcher>
        <dispatcher>FORWARD</dispatcher>
        <dispatcher>INCLUDE</dispatcher>
        <dispatcher>ERROR</dispatcher>
        <dispatcher>ASYNC</dispatcher>
      </filter-mapping>
      """;

  @TempDir Path directory;

  private final Container container;

  DeploymentIT(Container container) {
    this.container = container;
  }

  @Test
  void theJarAloneIsEnough() {
    assertIsKeptInRedis(WarBuilder.probe().holdfast().in(directory), "holdfast:shop:{");
  }

  @Test
  void theJarAloneIsEnoughInAPackedWar() {
    assertIsKeptInRedis(WarBuilder.probe().holdfast().packedIn(directory), "holdfast:shop:{");
  }

  @Test
  void theAllInOneJarAloneIsEnough() {
    assertIsKeptInRedis(WarBuilder.probe().holdfastAll().in(directory), "holdfast:shop:{");
  }

  @Test
  void aFilterInWebXmlIsTheOnlyOneAndItsInitParamsWin() {
    String params = param("init-param", "prefix", "mine");
    Path war =
        WarBuilder.probe(
                param("context-param", "holdfast.prefix", "theirs") + FILTER.formatted(params))
            .resource("WEB-INF/classes/holdfast.properties", "app = named\n")
            .holdfast()
            .in(directory);

    assertIsKeptInRedis(war, "mine:named:{");
  }

  @Test
  void badSettingsStopTheDeploymentWithOneMessageThatListsThemAll() {
    String params =
        param("init-param", "redis.uri", "redis://user:hunter2@localhost:notaport")
            + param("init-param", "touch.intervall", "1m");
    Path war =
        WarBuilder.probe(
                param("context-param", "holdfast.cookie.secure", "perhaps")
                    + FILTER.formatted(params))
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
                        "init-param: redis.uri = redis://***@localhost:notaport: ",
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

  private void assertIsKeptInRedis(Path war, String keyPrefix) {
    try (RedisServer redis = RedisServer.start("--requirepass", "hunter2");
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("/shop", war)
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .start()) {
      Browser user = node.browser("/shop");
      assertThat(user.run("set color red").status()).isEqualTo(200);
      assertThat(user.run("get color").of("get color")).isEqualTo("red");
      assertThat(user.cookies()).hasSize(1).doesNotContainKey("JSESSIONID");
      assertThat(redis.keys()).anyMatch(key -> key.startsWith(keyPrefix));
      node.stop();
      String log = node.log();
      assertThat(log.lines().filter(line -> line.contains("redis.uri = redis://***@")))
          .as("the start-up report, once")
          .hasSize(1);
      assertThat(log.contains("hunter2")).as("a password in the log").isFalse();
    }
  }

  private static String param(String kind, String name, String value) {
    return "<%1$s><param-name>%2$s</param-name><param-value>%3$s</param-value></%1$s>%n"
        .formatted(kind, name, value);
  }
}
