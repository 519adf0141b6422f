package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Container;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.testing.FaultMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The checker's verdict on {@code cache=tracking}: Tomcat and Jetty side by side, under the faults
 * of {@link HistoryIT}.
 */
class TrackingIT {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final Duration LAG = Duration.ofMillis(500);

  @TempDir Path directory;

  @Test
  void noReadIsOlderThanItMayBeAndNoWriteIsLost() throws InterruptedException {
    List<FaultProxy> proxies = new ArrayList<>();
    try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        Site site = new Site()) {
      Path war = TestSite.war().in(directory);
      for (Container container : List.of(Container.TOMCAT_11, Container.JETTY_12_1)) {
        FaultProxy proxy = new FaultProxy(redis.port());
        proxies.add(proxy);
        site.add(
            TestSite.node(container, war, proxy.uri())
                .environment("HOLDFAST_CACHE", "tracking")
                .environment("HOLDFAST_CACHE_LAG", LAG.toMillis() + "ms"),
            container.isJetty() ? "jetty" : "tomcat");
      }
      Round round = new Round(site, redis, proxies);
      List<Workload> workloads = List.of(new OldNews(2, 4, LAG), new Additions(1, 2));
      long seed = Long.getLong("holdfast.history.seed", new Random().nextLong(1_000_000));
      Duration time = Duration.ofSeconds(FULL ? 300 : 8);

      List<Violation> violations = round.run(workloads, Nemesis.quick(), time, seed);

      System.out.println("seed " + seed + "\n" + round.summary(workloads));
      assertThat(violations.stream().limit(10).map(v -> v.explain(round.history())))
          .as("seed %d, %d violations", seed, violations.size())
          .isEmpty();
      FaultMatrix.record(
          "All of these at once, by chance, with `cache=tracking`",
          "TrackingIT",
          "%d s, 2 servers: %s, violations 0"
              .formatted(time.toSeconds(), workloads.get(0).counts()));
    } finally {
      proxies.forEach(FaultProxy::close);
    }
  }
}
