package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import dev.holdfast.store.StoredSession.StoredAttribute;
import dev.holdfast.testing.FaultMatrix;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How many answered writes Redis loses when its process is killed, by the way it persists. What the
 * operating system had not written when its machine lost power cannot be shown on one machine: for
 * {@code everysec} that is up to two seconds.
 */
class DurabilityTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Longer than what any mode may lose. */
  private static final long WRITING_MILLIS = 3_500;

  /**
   * A way to persist.
   *
   * @param mostSeconds of writes that may be lost
   */
  record Mode(String name, double mostSeconds, List<String> arguments) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mode> modes() {
    return Stream.of(
        new Mode(
            "appendfsync always", 0, List.of("--appendonly", "yes", "--appendfsync", "always")),
        new Mode(
            "appendfsync everysec", 2, List.of("--appendonly", "yes", "--appendfsync", "everysec")),
        // Redis looks at whole seconds, ten times a second, for more than one since the last.
        new Mode("snapshots, save 1 1", 2.5, List.of("--save", "1 1")),
        new Mode("no persistence", Double.MAX_VALUE, List.of()));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aKilledRedisLosesNoMoreThanItsModeSays(Mode mode) throws InterruptedException {
    try (RedisServer redis = RedisServer.start(mode.arguments().toArray(String[]::new));
        RedisSessionStore store = new RedisSessionStore(TestSettings.of(redis.uri()))) {
      store.ensureAvailable();
      NewSession session = session(store);
      assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
      long start = System.nanoTime();
      Thread killer = new Thread(() -> killAfter(redis));
      killer.start();
      long[] answeredAt = new long[1_000_000];
      int answered = writeUntilItFails(store, session, start, answeredAt);
      killer.join();
      redis.restart();

      int found = found(store, session);
      int lost = Math.max(0, answered - found);
      double seconds = lost == 0 ? 0 : (answeredAt[answered] - answeredAt[found + 1]) / 1e9;
      assertThat(answered).isGreaterThan(20);
      if (mode.mostSeconds() == 0) {
        assertThat(lost).isZero();
      }
      assertThat(seconds).isLessThanOrEqualTo(mode.mostSeconds());
      FaultMatrix.record(
          "Writes lost by kill -9 of Redis",
          "DurabilityTest",
          "%s: %d of %d, those of the last %.1f s"
              .formatted(mode.name().replace(',', ' '), lost, answered, seconds));
    }
  }

  private static void killAfter(RedisServer redis) {
    try {
      TimeUnit.MILLISECONDS.sleep(WRITING_MILLIS);
      redis.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int writeUntilItFails(
      RedisSessionStore store, NewSession session, long start, long[] answeredAt) {
    int answered = 0;
    try {
      while (answered < answeredAt.length - 1) {
        assertThat(store.save(write(store, session, answered + 1)).result())
            .isEqualTo(Result.SAVED);
        answered++;
        answeredAt[answered] = System.nanoTime() - start;
      }
    } catch (SessionStoreUnavailableException e) {
      // Killed.
    }
    return answered;
  }

  private static int found(RedisSessionStore store, NewSession session)
      throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      try {
        StoredSession stored = store.load(session.locator(), null);
        StoredAttribute count = stored == null ? null : stored.attributes().get("count");
        return count == null ? 0 : Integer.parseInt(new String(count.value(), US_ASCII));
      } catch (SessionStoreUnavailableException e) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    throw new AssertionError("Redis did not come back");
  }

  private static SessionChanges write(RedisSessionStore store, NewSession session, int count) {
    return new SessionChanges(
        session.locator(),
        0,
        session.stamp(),
        new Stamp(count + 1, RANDOM.nextLong()),
        store.now(),
        null,
        null,
        null,
        Map.of("count", String.valueOf(count).getBytes(US_ASCII)),
        Map.of(),
        Set.of());
  }

  private static NewSession session(RedisSessionStore store) {
    byte[] locator = new byte[16];
    RANDOM.nextBytes(locator);
    return new NewSession(
        Base64.getUrlEncoder().withoutPadding().encodeToString(locator),
        new byte[32],
        Stamp.first(RANDOM),
        store.now(),
        Duration.ofMinutes(30),
        null,
        null,
        Map.of());
  }
}
