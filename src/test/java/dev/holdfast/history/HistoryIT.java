package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Container;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The checker's verdict on the product: Tomcat and Jetty side by side, Redis that loses nothing.
 */
class HistoryIT {
  @TempDir static Path directory;
  private static RedisServer redis;
  private static List<FaultProxy> proxies;
  private static Site site;

  @BeforeAll
  static void start() {
    redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    proxies = new ArrayList<>();
    site = new Site();
    Path war = TestSite.war().in(directory);
    for (Container container : List.of(Container.TOMCAT_11, Container.JETTY_12_1)) {
      FaultProxy proxy = new FaultProxy(redis.port());
      proxies.add(proxy);
      site.add(
          TestSite.node(container, war, proxy.uri()), container.isJetty() ? "jetty" : "tomcat");
    }
  }

  @AfterAll
  static void stop() {
    site.close();
    proxies.forEach(FaultProxy::close);
    redis.close();
  }

  @Test
  void nothingAnsweredIsLostAndNothingEndedComesBack() throws InterruptedException {
    long seed = Long.getLong("holdfast.history.seed", new Random().nextLong(1_000_000));
    Duration time = Duration.ofSeconds(Integer.getInteger("holdfast.history.seconds", 15));
    Round round = new Round(site, redis, proxies);
    List<Workload> workloads = TestSite.workloads();
    List<Violation> violations = round.run(workloads, nemeses(), time, seed);
    System.out.println("seed " + seed + "\n" + round.summary(workloads));
    Map<String, Long> byInvariant = new TreeMap<>();
    violations.forEach(
        v ->
            byInvariant.merge(
                v.invariant() + " " + v.what().replaceAll("[0-9.:-]+|attribute.*", "#"),
                1L,
                Long::sum));
    System.out.println(byInvariant);
    assertThat(violations.stream().limit(10).map(v -> v.explain(round.history())))
        .as("seed %d, %d violations", seed, violations.size())
        .isEmpty();
  }

  private static List<Nemesis> nemeses() {
    String named = System.getProperty("holdfast.history.nemeses", "");
    return named.isEmpty()
        ? Nemesis.quick()
        : Stream.of(named.split(",")).map(Nemesis::valueOf).toList();
  }
}
