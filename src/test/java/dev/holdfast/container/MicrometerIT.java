package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.meters.MetersServlet;
import dev.holdfast.redis.testing.RunningRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Micrometer in the application, in its server, and nowhere. */
@EachContainer
class MicrometerIT {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final String METERS = "dev.holdfast.micrometer.RegisteredMeters";

  @TempDir Path directory;

  private final Container container;

  MicrometerIT(Container container) {
    this.container = container;
  }

  @BeforeEach
  void flush() {
    REDIS.flush();
  }

  /** Micrometer with a registry for Prometheus, and what these need. */
  static Path[] jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .map(Path::of)
        .filter(
            jar -> jar.getFileName().toString().matches("(micrometer|prometheus-metrics)-.*\\.jar"))
        .toArray(Path[]::new);
  }

  private static WarBuilder application() {
    return WarBuilder.probe().packageOf(MetersServlet.class);
  }

  private ContainerNode.Builder node() {
    return ContainerNode.on(container)
        .environment("HOLDFAST_REDIS_URI", REDIS.uri())
        .environment("HOLDFAST_EXPIRY_INTERVAL", "2m");
  }

  private static String metrics(ContainerNode node, String path) {
    return node.browser("/shop").get(path).text();
  }

  @Test
  void anApplicationThatBringsItSeesItsSessionsWithoutAsking() {
    try (ContainerNode node =
        node()
            .deploy("/shop", application().holdfast().libraries(jars()).in(directory))
            .deploy("/all", application().holdfastAll().libraries(jars()).in(directory))
            .start()) {
      for (String path : List.of("/shop", "/all")) {
        Browser user = node.browser(path);
        // Until the first connection stands.
        await().until(() -> user.run("strict", "set color red").status() == 200);
        user.run("get color");
        user.run("invalidate");
        String app = "app=\"" + path.substring(1) + "\"";

        for (String page : List.of("/metrics", "/metrics/own")) {
          assertThat(user.get(page).text())
              .as(path + page)
              .contains("holdfast_sessions_created_sessions_total{" + app + "} 1.0")
              .contains(
                  "holdfast_sessions_ended_sessions_total{" + app + ",cause=\"invalidated\"} 1.0")
              .contains("holdfast_joins_total{" + app + ",copy=\"current\"} 2.0")
              .contains("holdfast_store_waits_seconds_count{" + app + ",operation=\"create\"} 1")
              .contains("holdfast_redis_servers_connected_servers{" + app + "} 1.0");
        }
      }
    }
  }

  /** The registry outlives the application, and must not keep its class loader. */
  @Test
  void inTheServerItForgetsAnApplicationThatGoes() throws Exception {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    for (Path jar : jars()) {
      Files.copy(jar, shared.resolve(jar.getFileName()));
    }
    try (ContainerNode node =
            node()
                .deploy("/shop", application().holdfast().in(directory))
                .deploy("/other", application().holdfast().in(directory))
                .containerClassPath(shared.resolve("*"))
                .start();
        NodeJvm jvm = new NodeJvm(node)) {
      await().until(() -> node.browser("/shop").run("strict", "create").status() == 200);
      await().until(() -> node.browser("/other").run("strict", "create").status() == 200);
      String created = "holdfast_sessions_created_sessions_total{app=\"%s\"} %s";
      assertThat(metrics(node, "/metrics"))
          .contains(created.formatted("shop", "1.0"))
          .contains(created.formatted("other", "1.0"));
      // For each application: that of the global registry, and its own.
      assertThat(jvm.instances(METERS)).isEqualTo(4);

      for (int i = 0; i < 2; i++) {
        node.redeploy("/shop");
        await()
            .untilAsserted(
                () ->
                    assertThat(metrics(node, "/metrics"))
                        .contains(created.formatted("shop", "0.0"))
                        .contains(created.formatted("other", "1.0")));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> {
                String unused = metrics(node, "/metrics");
                assertThat(jvm.instances(METERS)).isEqualTo(4);
              });
      assertThat(node.leaks()).isEmpty();
    }
  }

  @Test
  void offShowsNothingInTheGlobalRegistry() {
    try (ContainerNode node =
        node()
            .deploy("/shop", application().holdfast().libraries(jars()).in(directory))
            .environment("HOLDFAST_METRICS_MICROMETER", "off")
            .start()) {
      await().until(() -> node.browser("/shop").run("strict", "set color red").status() == 200);

      assertThat(metrics(node, "/metrics")).doesNotContain("holdfast_");
      assertThat(metrics(node, "/metrics/own")).contains("holdfast_sessions_created");
    }
  }

  @Test
  void withoutItNothingIsMissed() throws IOException {
    try (ContainerNode node =
        node().deploy("/shop", WarBuilder.probe().holdfast().in(directory)).start()) {
      await().until(() -> node.browser("/shop").run("strict", "set color red").status() == 200);

      assertThat(node.log()).doesNotContain("icrometer");
    }
  }
}
