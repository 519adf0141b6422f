package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.MinimalUser;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All stored sessions are found and encrypted anew, on every topology, as the minimal user. */
class ReencryptionTest {
  private static final String OLD = "Qm9i4uLZ0dYxVn3kR7sTgWcEa1JfHp6MvXyN8bKqD2I=";
  private static final String NEW = "x7Rt2LwqZ9vKc4nYp0sUeJhGd5aMbF8oTiXkW3yCqVE=";
  private static final int SESSIONS = 60;
  private static final int FAST = 100_000;
  private static final RunningRedis REDIS = RedisServer.shared();

  @BeforeEach
  void forget() {
    REDIS.flush();
  }

  private static Settings settings(String uri, String keys, String... more) {
    List<String> all = new ArrayList<>(List.of("encryption.keys", keys));
    // Patient, for a machine that runs other tests too.
    all.addAll(List.of("redis.timeout", "5s", "redis.connect-timeout", "10s"));
    all.addAll(List.of(more));
    return TestSettings.of(uri, all.toArray(String[]::new));
  }

  private static List<String> sessions(String uri) {
    List<String> locators = new ArrayList<>();
    try (SessionManager node = TestNodes.manager(settings(uri, OLD), new Measurements())) {
      for (int i = 0; i < SESSIONS; i++) {
        Session session = node.create(Duration.ofMinutes(30));
        session.attribute("user", "alice " + i);
        node.commit(session);
        node.release(session);
        locators.add(session.locator());
      }
    }
    return locators;
  }

  private static String keyOf(RunningRedis server, String locator, String field) {
    byte[] value = server.hash("holdfast:shop:{" + locator + "}").get(field);
    return new String(requireNonNull(value), 1, 4, ISO_8859_1);
  }

  /** How many of them are sealed with that key. */
  private static long sealed(RunningRedis server, List<String> locators, String key) {
    return locators.stream()
        .filter(locator -> keyOf(server, locator, "a:user").equals(key))
        .filter(locator -> keyOf(server, locator, "m:u").equals(key))
        .count();
  }

  private static String oldKey(List<String> locators) {
    return keyOf(REDIS, locators.get(0), "a:user");
  }

  @Test
  void theMinimalUserOfOneServerMayDoIt() throws InterruptedException {
    try (RedisServer redis = RedisServer.startWithUsers()) {
      String uri = redis.uri("holdfast");
      sessions(uri);
      try (Resealing resealing = new Resealing(settings(uri, NEW + "," + OLD))) {
        assertThat(resealing.run(FAST)).isEqualTo(SESSIONS);
        assertThat(resealing.run(FAST)).isZero();
      }
      assertThat(MinimalUser.refusals(redis)).isEmpty();
    }
  }

  @Test
  void aClusterIsDoneOnAllItsServers() throws InterruptedException {
    try (RedisCluster cluster = RedisCluster.startWithUsers()) {
      String uri = cluster.uri("holdfast-cluster");
      List<String> locators = sessions(uri);
      assertThat(cluster.primaries())
          .allSatisfy(server -> assertThat(server.keys()).anyMatch(key -> key.contains(":{")));
      try (Resealing resealing = new Resealing(settings(uri, NEW + "," + OLD))) {
        assertThat(resealing.run(FAST)).isEqualTo(SESSIONS);
        assertThat(resealing.run(FAST)).isZero();
      }
      try (SessionManager after = TestNodes.manager(settings(uri, NEW), new Measurements())) {
        assertThat(locators)
            .allSatisfy(locator -> assertThat(after.users().find(locator)).isNotNull());
      }
      cluster.servers().forEach(server -> assertThat(MinimalUser.refusals(server)).isEmpty());
    }
  }

  @Test
  void sessionsThatAreFiledAnewMeanwhileAreFoundAllTheSame() throws Exception {
    List<String> locators = sessions(REDIS.uri());
    String old = oldKey(locators);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Resealing resealing = new Resealing(settings(REDIS.uri(), NEW + "," + OLD))) {
      Thread moving =
          new Thread(
              () -> {
                long score = System.currentTimeMillis();
                // Always to the front, over wherever a reader may be.
                while (!Thread.currentThread().isInterrupted()) {
                  for (String locator : locators) {
                    REDIS.command("ZADD", shard(locator), "XX", score--, locator);
                  }
                }
              },
              "moving");
      moving.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
      moving.start();
      try {
        assertThat(resealing.run(200)).isEqualTo(SESSIONS);
      } finally {
        moving.interrupt();
        moving.join();
      }
    }
    assertThat(failure.get()).isNull();
    assertThat(sealed(REDIS, locators, old)).isZero();
  }

  private static String shard(String locator) {
    return "holdfast:shop:expiry:{shop-" + Math.floorMod(locator.hashCode(), 16) + "}";
  }

  @Test
  void whatWasStoppedByAnOutageOrAnInterruptGoesOnWhereItWas() throws Exception {
    List<String> locators = sessions(REDIS.uri());
    String old = oldKey(locators);
    try (FaultProxy proxy = new FaultProxy(REDIS.port());
        Resealing resealing = new Resealing(settings(proxy.uri(), NEW + "," + OLD))) {
      Thread outage =
          new Thread(
              () -> {
                await().until(() -> sealed(REDIS, locators, old) < SESSIONS - 10);
                proxy.down(true);
              },
              "outage");
      outage.start();
      assertThatThrownBy(() -> resealing.run(100))
          .isInstanceOf(SessionStoreUnavailableException.class);
      outage.join();
      long left = sealed(REDIS, locators, old);
      assertThat(left).isBetween(1L, SESSIONS - 11L);

      proxy.down(false);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> resealing.run(100)).isInstanceOf(InterruptedException.class);
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(SessionStoreUnavailableException.class)
          .untilAsserted(() -> assertThat(resealing.run(FAST)).isNotNegative());
    }
    assertThat(sealed(REDIS, locators, old)).isZero();
  }

  @Test
  void itIsRefusedWhereNothingIsFiled() {
    try (Resealing resealing =
        new Resealing(settings(REDIS.uri(), NEW + "," + OLD, "expiry.events", "off"))) {
      assertThatThrownBy(() -> resealing.run(FAST))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("expiry.events is off")
          .hasMessageContaining("turn it on");
    }
  }
}
