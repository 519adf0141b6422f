package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.testing.FaultMatrix;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A Cluster that changes under load. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterFaultTest {
  private static final System.Logger LOG = System.getLogger(ClusterFaultTest.class.getName());
  private static final Duration HEALS_WITHIN = Duration.ofSeconds(30);

  /** After the Cluster has replaced a primary. */
  private static final Duration FOUND_WITHIN = Duration.ofSeconds(3);

  private static RedisCluster servers;

  @BeforeAll
  static void start() {
    servers = RedisCluster.start();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  @Order(1)
  void slotsThatMoveUnderLoadCostNoErrorAndNoUpdate() {
    try (RedisSessionStore store = store("5s");
        Workload workload = new Workload(store, 4, 20, 1)) {
      int moves = Boolean.getBoolean("holdfast.full") ? 5_000 : 60;
      List<String> keys =
          servers.primaries().stream().flatMap(server -> server.keys().stream()).toList();
      for (int i = 0; i < moves; i++) {
        String key = keys.get(i % keys.size());
        RedisServer from = servers.ownerOf(key);
        RedisServer to =
            servers.primaries().stream().filter(server -> server != from).findAny().orElseThrow();
        servers.move(servers.slotOf(key), from, to);
      }
      long before = workload.acknowledged();
      await().until(() -> workload.acknowledged() > before + 200);
      workload.stop();
      LOG.log(Level.INFO, "{0} slots moved: {1}", moves, workload);
      FaultMatrix.record(
          "Cluster: slots move",
          "ClusterFaultTest",
          "SETSLOT: %d slots moved under load, %d writes, %d errors, writes lost %d"
              .formatted(moves, workload.acknowledged(), workload.failed(), workload.lost(store)));
      assertThat(workload.failed()).as(workload.toString()).isZero();
      assertThat(workload.lost(store)).isZero();
    }
  }

  @Test
  @Order(2)
  void aManualFailoverLosesNothing() {
    try (RedisSessionStore store = store();
        Workload workload = new Workload(store, 4, 20, 1)) {
      RedisServer old = servers.primaries().get(0);
      RedisServer next = servers.replicaOf(old);
      next.command("CLUSTER", "FAILOVER");
      await().atMost(HEALS_WITHIN).until(() -> next.info("replication", "role").equals("master"));
      long before = workload.acknowledged();
      await().until(() -> workload.acknowledged() > before + 500);
      workload.stop();
      LOG.log(Level.INFO, "CLUSTER FAILOVER: {0}", workload);
      record("Cluster: manual failover", "CLUSTER FAILOVER: planned", workload, store);
      assertThat(workload.lost(store)).isZero();
      assertThat(workload.longestOutageMillis()).isLessThan(5_000);
    }
  }

  @Test
  @Order(3)
  void aKilledPrimaryIsReplacedByItsReplica() {
    try (RedisSessionStore store = store();
        Workload workload = new Workload(store, 4, 20, 1)) {
      await().until(() -> workload.acknowledged() > 500);
      RedisServer old = servers.primaries().get(0);
      RedisServer next = servers.replicaOf(old);
      old.kill();
      await().atMost(HEALS_WITHIN).until(() -> next.info("replication", "role").equals("master"));
      servers.awaitWhole();
      long before = workload.acknowledged();
      await().atMost(HEALS_WITHIN).until(() -> workload.acknowledged() > before + 500);
      workload.stop();
      long lost = workload.lost(store);
      LOG.log(Level.INFO, "kill -9 in a Cluster: {0}, {1} lost", workload, lost);
      record("Cluster: a primary is killed", "kill -9: replaced by the Cluster", workload, store);
      assertThat(lost).as(workload.toString()).isLessThan(100);
      assertThat(workload.longestOutageMillis()).isLessThan(10_000);
      old.restart();
    }
  }

  @Test
  @Order(4)
  @Tag("full")
  void aFrozenPrimaryIsReplacedByItsReplica() {
    try (RedisSessionStore store = store();
        Workload workload = new Workload(store, 4, 20, 1)) {
      servers.awaitReplicated();
      RedisServer old = servers.primaries().get(0);
      RedisServer next = servers.replicaOf(old);
      long frozen = System.nanoTime();
      old.freeze();
      await().atMost(HEALS_WITHIN).until(() -> next.info("replication", "role").equals("master"));
      long failover = Duration.ofNanos(System.nanoTime() - frozen).toMillis();
      long before = workload.acknowledged();
      await().atMost(HEALS_WITHIN).until(() -> workload.acknowledged() > before + 500);
      old.thaw();
      await().until(() -> old.info("replication", "role").equals("slave"));
      workload.stop();
      long lost = workload.lost(store);
      LOG.log(
          Level.INFO,
          "kill -STOP in a Cluster, which took {0} ms to replace it: {1}, {2} lost",
          failover,
          workload,
          lost);
      record(
          "Cluster: a primary is frozen",
          "kill -STOP: replaced by the Cluster after " + failover + " ms",
          workload,
          store);
      assertThat(lost).as(workload.toString()).isLessThan(100);
      assertThat(workload.longestOutageMillis())
          .as("until a session of it was written again; the Cluster took %d ms", failover)
          .isLessThan(failover + FOUND_WITHIN.toMillis());
    }
  }

  @Test
  @Order(5)
  @Tag("full")
  void aRollingRestartOfEveryServerLosesNothing() {
    try (RedisSessionStore store = store();
        Workload workload = new Workload(store, 4, 20, 2)) {
      for (RedisServer server : servers.servers()) {
        servers.awaitReplicated();
        if (server.info("replication", "role").equals("master")) {
          RedisServer next = servers.replicaOf(server);
          next.command("CLUSTER", "FAILOVER");
          await()
              .atMost(HEALS_WITHIN)
              .until(() -> next.info("replication", "role").equals("master"));
        }
        server.stop();
        server.restart();
        servers.awaitWhole();
      }
      long before = workload.acknowledged();
      await().atMost(HEALS_WITHIN).until(() -> workload.acknowledged() > before + 500);
      workload.stop();
      LOG.log(Level.INFO, "rolling restart of a Cluster: {0}", workload);
      record("Cluster: every server restarted, one by one", "Restart: 6 servers", workload, store);
      assertThat(workload.lost(store)).isZero();
    }
  }

  private static void record(
      String fault, String what, Workload workload, RedisSessionStore store) {
    FaultMatrix.record(
        fault,
        "ClusterFaultTest",
        "%s, %d writes, %d errors, no session unavailable for longer than %.1f s, writes lost %d"
            .formatted(
                what,
                workload.acknowledged(),
                workload.failed(),
                workload.longestOutageMillis() / 1e3,
                workload.lost(store)));
  }

  private static RedisSessionStore store() {
    return store("500ms");
  }

  private static RedisSessionStore store(String timeout) {
    return new RedisSessionStore(TestSettings.of(servers.uri(), "redis.timeout", timeout));
  }
}
