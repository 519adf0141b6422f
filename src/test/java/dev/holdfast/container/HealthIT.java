package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** What a probe hears of a node. */
@EachContainer
class HealthIT {
  private static final String PATH = "/holdfast/health";
  private static final String UP =
      "{\"status\":\"UP\",\"holdfast\":\"RUNNING\","
          + "\"redis\":{\"status\":\"UP\",\"serversConnected\":1,\"circuit\":\"CLOSED\"}}\n";

  /** Everything needs a login, over BASIC, but for the probe's path. */
  private static final String CLOSED =
      """
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>all</web-resource-name>
          <url-pattern>/*</url-pattern>
        </web-resource-collection>
        <auth-constraint><role-name>user</role-name></auth-constraint>
      </security-constraint>
      <security-constraint>
        <web-resource-collection>
          <web-resource-name>health</web-resource-name>
          <url-pattern>/holdfast/health</url-pattern>
        </web-resource-collection>
      </security-constraint>
      """;

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode node;

  HealthIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    node =
        ContainerNode.on(container)
            .deploy("", WarBuilder.probe().holdfast().in(directory))
            .deploy("/closed", WarBuilder.probe(CLOSED).holdfastAll().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .environment("HOLDFAST_REDIS_TIMEOUT", "2s")
            .environment("HOLDFAST_EXPIRY_INTERVAL", "2m")
            .environment("HOLDFAST_HEALTH_PATH", PATH)
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    redis.close();
  }

  private final Browser probe = node.browser("");

  @BeforeEach
  void isUp() {
    if (!redis.isRunning()) {
      redis.restart();
    }
    await().until(() -> probe.get(PATH).status() == 200);
  }

  @Test
  void itTellsThatSessionsAreServed() {
    Reply reply = probe.get(PATH);

    assertThat(reply.text()).isEqualTo(UP);
    assertThat(reply.header("Content-Type").orElse("")).startsWith("application/json");
    assertThat(reply.header("Cache-Control")).hasValue("no-store");
    assertThat(reply.setCookies()).isEmpty();
  }

  @Test
  void onlyReadingIsAllowedAndOnlyThere() {
    Reply head = probe.send("HEAD", PATH, null, Map.of());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.bytes()).isEmpty();
    Reply post = probe.post(PATH, Map.of("a", "b"));
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.header("Allow")).hasValue("GET, HEAD");
    assertThat(probe.get(PATH + "/more").status()).isEqualTo(404);
    assertThat(probe.get("/holdfast").status()).isEqualTo(404);
  }

  @Test
  void aConstraintOnEverythingCanLeaveTheProbeOut() {
    Browser closed = node.browser("/closed");

    assertThat(closed.run("session").status()).as("the application").isEqualTo(401);
    await().untilAsserted(() -> assertThat(closed.get(PATH).text()).isEqualTo(UP));
  }

  @Test
  void itIs503WhileRedisIsGoneAndUpAgainWhenItIsBack() {
    redis.stop();
    await()
        .untilAsserted(
            () -> {
              Reply down = probe.get(PATH);
              assertThat(down.status()).isEqualTo(503);
              assertThat(down.text())
                  .isEqualTo(
                      UP.replace("UP", "DOWN")
                          .replace("\"serversConnected\":1", "\"serversConnected\":0"));
              assertThat(down.header("Cache-Control")).hasValue("no-store");
            });
    redis.restart();
    await().untilAsserted(() -> assertThat(probe.get(PATH).text()).isEqualTo(UP));
  }

  /** Connected, but nothing comes back: only a real question finds that out. */
  @Test
  void itIs503WhileRedisIsSilent() {
    redis.freeze();
    try {
      await().until(() -> probe.get(PATH).status() == 503);
      await()
          .untilAsserted(() -> assertThat(probe.get(PATH).text()).contains("\"circuit\":\"OPEN\""));
    } finally {
      redis.thaw();
    }
    await().untilAsserted(() -> assertThat(probe.get(PATH).text()).isEqualTo(UP));
  }

  @Test
  void manyProbesAreOneQuestionASecond() {
    try (RedisMonitor monitor = new RedisMonitor(redis)) {
      // Just after one, so that the next is due in a second.
      await().until(() -> probe.get(PATH).status() == 200 && !pings(monitor).isEmpty());
      long start = System.nanoTime();
      int before = pings(monitor).size();
      List<CompletableFuture<Integer>> probes =
          IntStream.range(0, 200)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> probe.alone().get(PATH).status()))
              .toList();
      assertThat(probes).extracting(CompletableFuture::join).containsOnly(200);
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();

      assertThat(pings(monitor).size() - before)
          .as("in %d s", seconds)
          .isLessThanOrEqualTo((int) seconds + 1);
    }
  }

  private static List<String> pings(RedisMonitor monitor) {
    return monitor.commands().stream().filter(command -> command.equals("TIME")).toList();
  }

  @Test
  void aProbeAsksNothingElse() {
    Browser other = node.browser("");
    try (RedisMonitor monitor = new RedisMonitor(redis)) {
      await().until(() -> other.get(PATH).status() == 200 && !pings(monitor).isEmpty());

      assertThat(monitor.commands()).containsOnly("TIME");
    }
    assertThat(other.cookies()).isEmpty();
  }
}
