package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} of a Redis that is configured as docker/redis.conf says, while sessions are
 * written, logged in and logged out. What it prints stands in persistence.md.
 */
class PersistenceTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int WRITERS = 4;
  private static final Duration LOAD = Duration.ofMillis(1_500);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String RECOMMENDED =
      Path.of("docker", "redis.conf").toAbsolutePath().toString();

  /** What the clients of one writer were told, and what Redis has of it after its restart. */
  private static final class Client {
    volatile String locator = "";
    byte[] secret = bytes(32);
    long epoch;

    /** When each write was acknowledged. */
    final List<Long> times = new ArrayList<>();

    final List<String> ended = new ArrayList<>();
  }

  /** What was acknowledged and is lost. */
  private record Loss(int acknowledged, int writes, double seconds, int logins, int logouts) {}

  @Test
  void withFsyncAlwaysNoAcknowledgedWriteIsLostAndNoLogoutUndone() {
    Loss loss = killUnderLoad("--include", RECOMMENDED, "--appendfsync", "always");

    assertThat(loss.acknowledged()).isGreaterThan(100);
    assertThat(loss.writes()).isZero();
    assertThat(loss.logins()).isZero();
    assertThat(loss.logouts()).isZero();
  }

  /** The operating system has what Redis acknowledged; only its own end takes the last second. */
  @Test
  @Tag("full")
  void asRecommendedTheEndOfTheProcessLosesNoMoreThanTheLastSeconds() {
    Loss loss = killUnderLoad("--include", RECOMMENDED);

    assertThat(loss.seconds()).isLessThan(3);
  }

  @Test
  @Tag("full")
  void withSnapshotsAloneEverythingSinceTheLastOneIsLost() {
    Loss loss = killUnderLoad("--include", RECOMMENDED, "--appendonly", "no", "--save", "1 1");

    assertThat(loss.writes()).isPositive();
    assertThat(loss.logins()).isPositive();
  }

  @Test
  @Tag("full")
  void withoutPersistenceEverythingIsLostAndNothingBreaks() {
    Loss loss = killUnderLoad("--include", RECOMMENDED, "--appendonly", "no", "--save", "");

    assertThat(loss.writes()).isPositive();
    assertThat(loss.logouts()).isZero();
  }

  private static Loss killUnderLoad(String... arguments) {
    try (RedisServer redis = RedisServer.start(arguments);
        RedisSessionStore store = store(redis.uri())) {
      List<Client> clients = new ArrayList<>();
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      AtomicBoolean killed = new AtomicBoolean();
      store.ensureAvailable();
      for (int i = 0; i < WRITERS; i++) {
        Client client = new Client();
        clients.add(client);
        writers.add(CompletableFuture.runAsync(() -> write(store, client, killed)));
      }
      await().pollDelay(LOAD).until(() -> true);
      redis.kill();
      long end = System.nanoTime();
      killed.set(true);
      writers.forEach(CompletableFuture::join);
      redis.restart();
      await()
          .atMost(PATIENCE)
          .ignoreException(SessionStoreUnavailableException.class)
          .until(() -> store.check(clients.get(0).locator, null) != null || true);
      Loss loss = loss(store, clients, end);
      System.out.printf(
          "kill -9 of Redis, %s: %d acknowledged; lost: %d writes (%.2f s), %d logins, %d logouts%n",
          String.join(" ", arguments).replace(RECOMMENDED, "docker/redis.conf"),
          loss.acknowledged(),
          loss.writes(),
          loss.seconds(),
          loss.logins(),
          loss.logouts());
      return loss;
    }
  }

  /** Writes to one session, logs in there now and then, and logs out of others, until the end. */
  private static void write(RedisSessionStore store, Client client, AtomicBoolean killed) {
    try {
      client.locator = created(store, client.secret);
      String other = "";
      for (int i = 0; !killed.get(); i++) {
        if (i % 20 == 0) {
          other = created(store, client.secret);
        } else if (i % 20 == 10) {
          store.destroy(other);
          client.ended.add(other);
        }
        byte[] next = i % 20 == 5 ? bytes(32) : null;
        assertThat(store.save(changes(store, client, next)).result()).isEqualTo(Result.SAVED);
        client.times.add(System.nanoTime());
        if (next != null) {
          client.epoch++;
          client.secret = next;
        }
      }
    } catch (SessionStoreUnavailableException e) {
      // Killed: of what was under way nobody was told.
    }
  }

  private static String created(RedisSessionStore store, byte[] secret) {
    String locator = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(16));
    NewSession session =
        new NewSession(
            locator,
            secret,
            Stamp.first(RANDOM),
            store.now(),
            Duration.ofMinutes(30),
            null,
            null,
            Map.of());
    assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
    return locator;
  }

  private static SessionChanges changes(
      RedisSessionStore store, Client client, byte @Nullable [] next) {
    return new SessionChanges(
        client.locator,
        client.epoch,
        Stamp.first(RANDOM),
        Stamp.first(RANDOM),
        store.now(),
        null,
        null,
        next == null
            ? null
            : new SessionChanges.Rotation(client.secret, next, Duration.ofSeconds(30)),
        Map.of("count", Integer.toString(client.times.size() + 1).getBytes(UTF_8)),
        Map.of(),
        Set.of());
  }

  private static Loss loss(RedisSessionStore store, List<Client> clients, long end) {
    int acknowledged = 0;
    int writes = 0;
    int logins = 0;
    int logouts = 0;
    double seconds = 0;
    for (Client client : clients) {
      int written = client.times.size();
      acknowledged += written + 2 * client.ended.size();
      for (String locator : client.ended) {
        logouts += store.check(locator, null) == null ? 0 : 1;
      }
      StoredSession found = store.load(client.locator, null);
      int count =
          found == null || found.attributes().isEmpty()
              ? 0
              : Integer.parseInt(new String(found.attributes().get("count").value(), UTF_8));
      if (count < written) {
        writes += written - count;
        seconds = Math.max(seconds, (end - client.times.get(count)) / 1e9);
      }
      logins +=
          (int)
              (client.epoch - (found == null ? 0 : Math.min(client.epoch, found.state().epoch())));
    }
    return new Loss(acknowledged, writes, seconds, logins, logouts);
  }

  private static RedisSessionStore store(String uri) {
    return new RedisSessionStore(TestSettings.of(uri, "redis.timeout", "5s"));
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
