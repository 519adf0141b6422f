package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
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
      old.freeze();
      await().atMost(HEALS_WITHIN).until(() -> next.info("replication", "role").equals("master"));
      long before = workload.acknowledged();
      await().atMost(HEALS_WITHIN).until(() -> workload.acknowledged() > before + 500);
      old.thaw();
      await().until(() -> old.info("replication", "role").equals("slave"));
      workload.stop();
      long lost = workload.lost(store);
      LOG.log(Level.INFO, "kill -STOP in a Cluster: {0}, {1} lost", workload, lost);
      assertThat(lost).as(workload.toString()).isLessThan(100);
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
      assertThat(workload.lost(store)).isZero();
    }
  }

  private static RedisSessionStore store() {
    return store("500ms");
  }

  private static RedisSessionStore store(String timeout) {
    return new RedisSessionStore(TestSettings.of(servers.uri(), "redis.timeout", timeout));
  }
}
