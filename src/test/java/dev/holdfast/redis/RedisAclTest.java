package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.MinimalUser;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionLocks.Standing;
import dev.holdfast.store.Stamp;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract as the user of {@code docker/users.acl}, to whom Redis has nothing to refuse; and
 * what somebody can do who has stolen that user's password.
 */
class RedisAclTest extends RedisContract {
  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.startWithUsers();
    open(redis, redis.uri("holdfast"));
  }

  @AfterAll
  static void stop() throws Exception {
    close();
  }

  @Test
  void theUserIsRefusedNothingThatTheStoreAsks() {
    redis.command("SCRIPT", "FLUSH");
    redis.command("ACL", "LOG", "RESET");
    use(redis.uri("holdfast"));
    assertThat(MinimalUser.refusals(redis)).isEmpty();
  }

  @Test
  void waitingForAReplicaNeedsOneRightMore() {
    try (RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + redis.port())) {
      redis.awaitReplicas(1);
      redis.command("ACL", "LOG", "RESET");
      // Time enough for a replica that this machine, busy with other tests, lets wait for its turn.
      use(
          redis.uri("holdfast-durable"),
          "durability",
          "replica",
          "durability.writes",
          "all",
          "redis.timeout",
          "10s",
          "redis.request-timeout",
          "20s");
      assertThat(MinimalUser.refusals(redis)).isEmpty();
      assertThat(replica.keys()).isNotEmpty();
    }
  }

  @Test
  void aClusterNeedsTheMapOfSlotsBesides() {
    try (RedisCluster cluster = RedisCluster.startWithUsers()) {
      use(cluster.uri("holdfast-cluster"));
      cluster.servers().forEach(server -> assertThat(MinimalUser.refusals(server)).isEmpty());
    }
  }

  @Test
  void sentinelTellsItsOwnUserNoMoreThanWhoThePrimaryIs() {
    try (SentinelServers group = SentinelServers.startWithUsers(1)) {
      use(group.uri("holdfast"), "redis.sentinel-auth", MinimalUser.login("holdfast"));
      group.servers().forEach(server -> assertThat(MinimalUser.refusals(server)).isEmpty());
      group.sentinels().forEach(server -> assertThat(MinimalUser.refusals(server)).isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HGETALL other:shop:{x}",
        "HMGET other:shop:{x} m:h",
        "DEL other:shop:{x}",
        "HSET other:shop:{x} a b",
        "KEYS *",
        "SCAN 0",
        "RANDOMKEY",
        "FLUSHALL",
        "FLUSHDB",
        "SWAPDB 0 1",
        "CONFIG GET *",
        "CONFIG SET dir /tmp",
        "ACL LIST",
        "ACL SETUSER holdfast +@all",
        "MONITOR",
        "DEBUG SLEEP 0",
        "SAVE",
        "SHUTDOWN",
        "REPLICAOF NO ONE",
        "MIGRATE 127.0.0.1 1 k 0 1",
        "CLIENT LIST",
        "INFO",
        "MODULE LIST",
        "SUBSCRIBE other:shop",
        "PUBLISH other:shop x",
        "DUMP holdfast:shop:{x}",
        "RENAME holdfast:shop:{x} holdfast:shop:{y}",
      })
  void aStolenPasswordDoesNot(String command) {
    redis.command("HSET", "other:shop:{x}", "m:h", "secret");
    assertThat(MinimalUser.steal(redis, "holdfast", (Object[]) command.split(" ", -1)))
        .asString()
        .startsWith("NOPERM");
    assertThat(redis.hash("other:shop:{x}")).containsOnlyKeys("m:h");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return redis.call('HGETALL', 'other:shop:{x}')",
        "return redis.call('KEYS', '*')",
        "return redis.call('FLUSHALL')",
        "return redis.call('CONFIG', 'GET', '*')"
      })
  void norDoesAScript(String script) {
    assertThat(MinimalUser.steal(redis, "holdfast", "EVAL", script, 0))
        .asString()
        .containsAnyOf("NOPERM", "can't run this command", "can't access", "not allowed");
  }

  /** Every kind of call, once. */
  private static void use(String uri, String... settings) {
    try (RedisSessionStore store = new RedisSessionStore(TestSettings.of(uri, settings))) {
      NewSession session =
          new NewSession(
              Workload.locator(),
              new byte[32],
              Stamp.first(new SecureRandom()),
              store.now(),
              Duration.ofMinutes(30),
              null,
              null,
              Map.of("a", "b".getBytes(UTF_8)));
      assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
      assertThat(store.load(session.locator(), session.secretHash())).isNotNull();
      assertThat(store.check(session.locator(), null)).isNotNull();
      assertThat(store.touch(session.locator(), session.secretHash()).toCompletableFuture().join())
          .isPresent();
      SessionLocks.Ticket lock = store.locks().ticket(session.locator(), session.secretHash());
      assertThat(lock.ask(Duration.ofSeconds(5)).join().standing()).isEqualTo(Standing.HELD);
      SessionLocks.Ticket next = store.locks().ticket(session.locator(), session.secretHash());
      assertThat(next.ask(Duration.ofSeconds(5)).join().standing()).isEqualTo(Standing.WAITING);
      lock.leave();
      assertThat(next.renew(Duration.ofSeconds(5)).join()).isTrue();
      next.leave();
      try (Workload workload = new Workload(store, 1, 30, 0)) {
        org.awaitility.Awaitility.await().until(() -> workload.acknowledged() > 60);
        workload.stop();
        assertThat(workload.failed()).as(workload.toString()).isZero();
      }
      assertThat(store.destroy(Workload.locator())).isNull();
    }
  }
}
