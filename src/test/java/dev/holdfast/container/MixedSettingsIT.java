package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.management.JMException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of one application whose settings differ. */
@EachContainer
class MixedSettingsIT {
  private static final String SHOP = "dev.holdfast:type=Sessions,app=\"shop\"";
  private static final String NODES = "holdfast:shop:user:{nodes}";
  private static final String AGAIN =
      "The nodes that share the sessions of shop agree on their settings again";

  @TempDir Path directory;

  private final Container container;

  MixedSettingsIT(Container container) {
    this.container = container;
  }

  private ContainerNode begin(RedisServer redis, Path war) {
    return ContainerNode.on(container)
        .deploy("/shop", war)
        .inTheClear()
        .environment("HOLDFAST_REDIS_URI", redis.uri())
        .environment("HOSTNAME", "host-of-" + war.getFileName())
        .begin();
  }

  private Path war(String properties) {
    return WarBuilder.probe()
        .holdfast()
        .resource("WEB-INF/classes/holdfast.properties", properties)
        .in(directory);
  }

  @Test
  void theLogNamesNodeAndSettingUntilTheyAgree() throws Exception {
    Path one = war("session.max-size = 2MB\n");
    Path other =
        war(
            "session.max-size = 1MB\nencryption = migrate\nencryption.keys = %s\n"
                .formatted(TestSettings.KEY));
    try (RedisServer redis = RedisServer.start();
        ContainerNode first = begin(redis, one);
        ContainerNode second = begin(redis, other);
        NodeJvm firstJvm = jvm(first);
        NodeJvm secondJvm = jvm(second)) {
      eventually(redis, () -> mixed(firstJvm) == 3 && mixed(secondJvm) == 3);

      assertThat(warnings(second))
          .hasSize(3)
          .anyMatch(
              line ->
                  line.matches(
                      ".*different settings: session.max-size is 1MB here, on host-of-"
                          + other.getFileName()
                          + "-\\d+-[0-9a-f]{6}, and 2MB on host-of-"
                          + one.getFileName()
                          + "-\\d+-[0-9a-f]{6}\\. Give it one value on all nodes .*"))
          .anyMatch(line -> line.contains(": encryption is migrate here"))
          .anyMatch(line -> line.matches(".*: encryption.keys is [0-9a-f]{8} here.*none on.*"));
      assertThat(warnings(first)).hasSize(3).anyMatch(line -> line.contains("is 2MB here"));
      assertThat(first.log() + second.log() + register(redis))
          .as("a key")
          .doesNotContain(TestSettings.KEY);

      Files.writeString(
          other.resolve("WEB-INF/classes/holdfast.properties"), "session.max-size = 2MB\n");
      second.redeploy("/shop");
      eventually(redis, () -> mixed(firstJvm) == 0 && first.log().contains(AGAIN));
      await().until(() -> register(redis).size() == 2);
      assertThat(mixed(secondJvm)).isZero();
      assertThat(warnings(second)).as("no new one").hasSize(3);
    }
  }

  @Test
  @Tag("full")
  void aNodeThatWasKilledIsForgottenAndOneThatStopsLeavesAtOnce() throws Exception {
    try (RedisServer redis = RedisServer.start();
        ContainerNode first = begin(redis, war("session.max-size = 2MB\n"));
        ContainerNode second = begin(redis, war("session.max-size = 1MB\n"))) {
      second.browser("/shop").run("session");
      try (NodeJvm firstJvm = jvm(first)) {
        eventually(redis, () -> mixed(firstJvm) == 1);

        second.kill();

        assertThat(register(redis)).as("it may come back").hasSize(2);
        // As if it had been silent for longer than a node is remembered.
        for (String node : register(redis)) {
          if (node.contains("session.max-size=1MB")) {
            redis.command("ZINCRBY", NODES, -Duration.ofMinutes(4).toMillis(), node);
          }
        }
        eventually(redis, () -> mixed(firstJvm) == 0 && register(redis).size() == 1);
      }

      first.stop();
      assertThat(register(redis)).isEmpty();
    }
  }

  private static NodeJvm jvm(ContainerNode node) throws IOException {
    node.browser("/shop").run("session");
    return new NodeJvm(node);
  }

  private static List<String> warnings(ContainerNode node) {
    return node.logUpToNow()
        .lines()
        .filter(line -> line.contains("have different settings"))
        .toList();
  }

  private static long mixed(NodeJvm jvm) throws IOException, JMException {
    return ((Number) jvm.attribute(SHOP, "SettingsMixed")).longValue();
  }

  private static List<String> register(RedisServer redis) {
    return ((List<?>) Objects.requireNonNull(redis.command("ZRANGE", NODES, 0, -1)))
        .stream().map(member -> new String((byte[]) member, StandardCharsets.UTF_8)).toList();
  }

  /**
   * Nodes look at each other once a minute, and when they hear of ended sessions again after a gap:
   * so they are given gaps.
   */
  private static void eventually(RedisServer redis, Callable<Boolean> condition) {
    await()
        .atMost(Duration.ofSeconds(40))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              redis.command("CLIENT", "KILL", "TYPE", "pubsub");
              return condition.call();
            });
  }
}
