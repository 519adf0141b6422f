package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.testing.FaultMatrix;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Another primary under load: how long nobody can write, and what of the acknowledged is lost. The
 * numbers of the README come from here.
 */
class SentinelFailoverTest {
  private static final System.Logger LOG = System.getLogger(SentinelFailoverTest.class.getName());

  /** Sentinel needs one second to notice and about one to agree. */
  private static final Duration CHANGES_WITHIN = Duration.ofSeconds(30);

  private static SentinelServers servers;

  @BeforeAll
  static void start() {
    servers = SentinelServers.start(2);
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void aGracefulFailoverIsFollowedAtOnceAndTakesNothingThatAReplicaHad() {
    change("SENTINEL FAILOVER", old -> servers.failover(), old -> {}, 3_000);
  }

  @Test
  @Tag("full")
  void aKilledPrimaryIsReplaced() {
    change("kill -9", RedisServer::kill, RedisServer::restart, 10_000);
  }

  @Test
  @Tag("full")
  void aFrozenPrimaryIsReplacedAndWhatItWakesUpWithCountsForNothing() {
    change("kill -STOP", RedisServer::freeze, RedisServer::thaw, 10_000);
  }

  @Test
  @Tag("full")
  void aRollingRestartOfEveryServerEndsWithEverythingThatAReplicaHad() {
    try (RedisSessionStore store = store("all");
        Workload workload = new Workload(store, 4, 20, 2)) {
      for (int i = 0; i < servers.servers().size(); i++) {
        RedisServer server = servers.servers().get(i);
        if (servers.primary() == server) {
          servers.failover();
          servers.awaitOtherThan(server);
        }
        server.stop();
        server.restart();
        servers.awaitSettled();
      }
      long before = workload.acknowledged();
      await().atMost(CHANGES_WITHIN).until(() -> workload.acknowledged() > before + 100);
      workload.stop();
      LOG.log(Level.INFO, "rolling restart, durability=replica: {0}", workload);
      assertThat(workload.lost(store)).isZero();
    }
  }

  /** Changes the primary under two loads, and counts. */
  private void change(
      String how, Consumer<RedisServer> fault, Consumer<RedisServer> repair, long outageMillis) {
    servers.awaitSettled();
    RedisServer old = servers.primary();
    try (RedisSessionStore quick = store(null);
        RedisSessionStore safe = store("all");
        Workload quickly = new Workload(quick, 4, 20, 2);
        Workload safely = new Workload(safe, 4, 20, 2)) {
      await().until(() -> quickly.acknowledged() > 500 && safely.acknowledged() > 200);
      fault.accept(old);
      servers.awaitOtherThan(old);
      long quickBefore = quickly.acknowledged();
      long safeBefore = safely.acknowledged();
      await()
          .atMost(CHANGES_WITHIN)
          .until(
              () ->
                  quickly.acknowledged() > quickBefore + 300
                      && safely.acknowledged() > safeBefore + 100);
      repair.accept(old);
      await()
          .atMost(CHANGES_WITHIN)
          .ignoreExceptions()
          .until(() -> old.info("replication", "role").equals("slave"));
      quickly.stop();
      safely.stop();
      long lostQuickly = quickly.lost(quick);
      long lostSafely = safely.lost(safe);
      LOG.log(
          Level.INFO,
          "{0}, durability=none: {1}, {2} lost; durability=replica: {3}, {4} lost",
          how,
          quickly,
          lostQuickly,
          safely,
          lostSafely);
      FaultMatrix.record(
          "Sentinel: the primary changes",
          "SentinelFailoverTest",
          ("%s: durability=none %d of %d writes lost, no session unavailable for longer than %.1f s,"
                  + " durability=replica %d of %d lost, %.1f s")
              .formatted(
                  how,
                  lostQuickly,
                  quickly.acknowledged(),
                  quickly.longestOutageMillis() / 1e3,
                  lostSafely,
                  safely.acknowledged(),
                  safely.longestOutageMillis() / 1e3));
      assertThat(lostSafely).as(safely.toString()).isZero();
      assertThat(quickly.longestOutageMillis()).isLessThan(outageMillis);
      assertThat(lostQuickly).as(quickly.toString()).isLessThan(quickly.acknowledged() / 4);
    }
  }

  private static RedisSessionStore store(String durableWrites) {
    String[] none = {"redis.timeout", "500ms"};
    String[] all = {
      "redis.timeout", "500ms", "durability", "replica", "durability.writes", "" + durableWrites
    };
    return new RedisSessionStore(
        TestSettings.of(servers.uri(), durableWrites == null ? none : all));
  }
}
