package dev.holdfast.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.Stamp;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Cluster of which one primary and its replica have lost what they had. */
class ClusterBackupTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration IDLE = Duration.ofMinutes(30);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SESSIONS = 60;

  /** The key that tells whether Redis has lost everything. */
  private static final String WARM = "holdfast:shop:backup";

  private static RedisCluster servers;

  private final Postgres database = Postgres.database();
  private final byte[] secret = bytes(32);

  @BeforeAll
  static void start() {
    servers = RedisCluster.start();
    servers.awaitReplicated();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @Test
  void sessionsOfALostShardComeBackForTheRequestsThatNeedThem() {
    try (BackupNode node = BackupNode.start(servers.uri(), database.url(), "redis.timeout", "5s")) {
      await().atMost(PATIENCE).until(() -> warm().hash(WARM).containsKey("done"));
      List<String> locators = stored(node);
      RedisServer shard =
          servers.primaries().stream().filter(server -> server != warm()).findAny().orElseThrow();
      List<String> lost =
          locators.stream().filter(locator -> shard.keys().contains(key(locator))).toList();
      assertThat(lost).isNotEmpty();
      lose(shard);

      for (String locator : locators) {
        assertThat(node.store.check(locator, secret)).as("session").isNotNull();
      }

      assertThat(node.counts).containsEntry(Counter.RESTORED, lost.size());
      assertThat(shard.keys()).containsAll(lost.stream().map(ClusterBackupTest::key).toList());
    }
  }

  @Test
  void whatWasLostWithTheKeyThatTellsIsPutBackUnasked() {
    try (BackupNode node = BackupNode.start(servers.uri(), database.url(), "redis.timeout", "5s")) {
      await().atMost(PATIENCE).until(() -> warm().hash(WARM).containsKey("done"));
      List<String> locators = stored(node);
      RedisServer shard = warm();
      List<String> lost =
          locators.stream().map(ClusterBackupTest::key).filter(shard.keys()::contains).toList();
      assertThat(lost).isNotEmpty();
      lose(shard);

      await().atMost(PATIENCE).until(() -> shard.keys().containsAll(lost));

      assertThat(node.lookups).as("asked for one by one").hasValue(0);
    }
  }

  /** The primary that has the key that tells. */
  private static RedisServer warm() {
    return servers.ownerOf(WARM);
  }

  /** A primary and its replica. */
  private static void lose(RedisServer shard) {
    shard.command("FLUSHALL");
    assertThat(shard.command("WAIT", 1, PATIENCE.toMillis())).isEqualTo(1L);
  }

  private List<String> stored(BackupNode node) {
    node.store.ensureAvailable();
    List<String> locators = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      String locator = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(16));
      NewSession session =
          new NewSession(
              locator,
              secret,
              Stamp.first(RANDOM),
              node.store.now(),
              IDLE,
              null,
              null,
              Map.of("color", bytes(20)));
      assertThat(node.store.create(session).result()).isEqualTo(Result.SAVED);
      locators.add(locator);
    }
    String rows = "SELECT COUNT(*) FROM holdfast_session";
    await().atMost(PATIENCE).until(() -> (Long) database.value(rows) == SESSIONS);
    return locators;
  }

  private static String key(String locator) {
    return "holdfast:shop:{" + locator + "}";
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
