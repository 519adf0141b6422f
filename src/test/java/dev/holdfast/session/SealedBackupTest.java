package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SecurityEvent;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.backup.BackedUpStore;
import dev.holdfast.backup.jdbc.JdbcBackup;
import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a database holds of sessions that are encrypted, and what somebody who can write to it
 * achieves: as much as with Redis.
 */
class SealedBackupTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String KEY = "Qm9i4uLZ0dYxVn3kR7sTgWcEa1JfHp6MvXyN8bKqD2I=";

  private final RunningRedis redis = RedisServer.shared();
  private final Postgres database = Postgres.database();
  private final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();
  private SessionManager node;

  @BeforeEach
  void start() {
    redis.flush();
    Settings settings =
        TestSettings.of(
            redis.uri(),
            "encryption.keys",
            KEY,
            "backup.database",
            database.url(),
            "backup.interval",
            "1s",
            // Each read is a first one.
            "cache.size",
            "0");
    ClassLoader loader = SealedBackupTest.class.getClassLoader();
    SecurityEvents security = SecurityEvents.to(List.of(events::add));
    BackedUpStore backedUp =
        new BackedUpStore(
            new RedisSessionStore(settings, security, loader, new Measurements()),
            JdbcBackup.of(settings, database.url(), loader),
            settings,
            counter -> {},
            loader);
    node =
        TestNodes.over(
            new SealedSessionStore(
                backedUp, Sealing.of(settings, loader), security, Login::isReadable),
            settings);
    backedUp.start();
    await().atMost(PATIENCE).until(() -> redis.hash("holdfast:shop:backup").containsKey("done"));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void theDatabaseHoldsWhatRedisHoldsAndWhatComesBackOpens() {
    SessionToken token = stored("cinnabar");
    String row = new String(fields(token), ISO_8859_1);
    assertThat(row).contains("a:color").doesNotContain("cinnabar", "ada");
    redis
        .hash(key(token))
        .forEach(
            (field, value) -> {
              if (field.startsWith("a:") || field.equals("m:u")) {
                assertThat(row).as(field).contains(new String(value, ISO_8859_1));
              }
            });
    redis.command("DEL", key(token));

    Session back = node.join(token).session();

    assertThat(back).isNotNull();
    assertThat(back.attribute("color")).isEqualTo("cinnabar");
    assertThat(back.login()).isNotNull();
    assertThat(back.login().name()).isEqualTo("ada");
    node.release(back);
    assertThat(events).extracting(SecurityEvent::kind).doesNotContain(Kind.BROKEN_SEAL);
  }

  /** Sessions that come back with nobody asking, and one that a request has asked for. */
  @ParameterizedTest
  @ValueSource(strings = {"warm-up", "restoreAll", "demand"})
  void whatComesBackIsFoundByItsUser(String way) {
    SessionToken one = stored("cinnabar");
    SessionToken two = stored("verdigris");
    redis.flush();
    if (way.equals("demand")) {
      // Without a warm-up: nothing is lost but these.
      redis.command("HSET", "holdfast:shop:backup", "done", "1");
      for (SessionToken token : List.of(one, two)) {
        node.release(requireNonNull(node.join(token).session()));
      }
    } else if (way.equals("restoreAll")) {
      node.restoreAll();
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(node.users().of("ada")).hasSize(2));

    assertThat(node.users().endAll("ada", null, "test")).isEqualTo(2);

    assertThat(node.join(one).session()).isNull();
    assertThat(node.join(two).session()).isNull();
    if (!way.equals("demand")) {
      // A single one waits for the next sweep, and no node of this test sweeps.
      assertThat(expiring()).isEqualTo(2);
    }
  }

  private long expiring() {
    return redis.keys().stream()
        .filter(key -> key.startsWith("holdfast:shop:expiry:"))
        .mapToLong(key -> (Long) redis.command("ZCARD", key))
        .sum();
  }

  @Test
  void aRowThatSomebodyHasChangedIsNotBelieved() {
    SessionToken token = stored("cinnabar");
    int principal = new String(fields(token), ISO_8859_1).indexOf("m:u") + 33;
    database.run(
        "UPDATE holdfast_session SET fields = set_byte(fields, %d, get_byte(fields, %d) # 1)"
            .formatted(principal, principal));
    redis.command("DEL", key(token));

    assertThat(node.join(token).session()).isNull();

    assertThat(events).extracting(SecurityEvent::kind).contains(Kind.BROKEN_SEAL);
  }

  @Test
  void theRowOfAnotherSessionIsNotBelievedEither() {
    SessionToken victim = stored("cinnabar");
    SessionToken intruder = stored("verdigris");
    database.run(
        "UPDATE holdfast_session SET fields = (SELECT fields FROM holdfast_session WHERE locator = '%s') WHERE locator = '%s'"
            .formatted(victim.locator(), intruder.locator()));
    redis.command("DEL", key(intruder));

    assertThat(node.join(intruder).session()).isNull();
  }

  /** A session of ada's, which is in the database. */
  private SessionToken stored(String color) {
    Session session = node.create(HALF_HOUR);
    session.attribute("color", color);
    session.login(new Login("ada", "FORM", Set.of("user"), true));
    node.commit(session);
    node.release(session);
    SessionToken token = session.token();
    await().atMost(PATIENCE).until(() -> database.value(select(token)) != null);
    return token;
  }

  private byte[] fields(SessionToken token) {
    return (byte[]) database.value(select(token));
  }

  private static String select(SessionToken token) {
    return "SELECT fields FROM holdfast_session WHERE locator = '" + token.locator() + "'";
  }

  private static String key(SessionToken token) {
    return "holdfast:shop:{" + token.locator() + "}";
  }
}
