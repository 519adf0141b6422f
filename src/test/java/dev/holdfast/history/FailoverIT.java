package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.testing.FaultMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The checker's verdict over Sentinels, of which each server asks another first: a graceful
 * failover may cost the writes until a second after Sentinel has named the new primary, and none
 * later.
 */
class FailoverIT {
  @TempDir Path directory;

  @Test
  @Tag("full")
  void aFailoverCostsNoWriteAfterItIsAnnounced() throws InterruptedException {
    Path war = TestSite.war().in(directory);
    try (SentinelServers sentinels = SentinelServers.start(1);
        Site site = new Site()) {
      ContainerNode.Builder first = TestSite.node(Container.TOMCAT_11, war, sentinels.uri());
      ContainerNode.Builder second =
          TestSite.node(Container.JETTY_12_1, war, sentinels.uriByOthers());
      site.add(first, "tomcat");
      site.add(second, "jetty");
      for (int i = 0; i < 3; i++) {
        Round round = new Round(site, sentinels);
        List<Workload> workloads = List.of(new SharedRegister(2, 6));
        List<Violation> violations =
            round.run(workloads, List.of(Nemesis.FAILOVER), Duration.ofSeconds(10), i);
        System.out.println(round.summary(workloads));
        assertThat(violations.stream().limit(5).map(v -> v.explain(round.history()))).isEmpty();
        FaultMatrix.record(
            Nemesis.FAILOVER.row(),
            "FailoverIT",
            "until a second after Sentinel named the new primary: %s; lost later: 0; healed after %.1f s"
                .formatted(workloads.get(0).counts(), round.healing() / 1e9));
      }
    }
  }
}
