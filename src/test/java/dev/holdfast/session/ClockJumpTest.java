package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Conflict;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.FakeClock;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.testing.FaultMatrix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets Redis's clock while two nodes are at work. */
class ClockJumpTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final int SESSIONS = 20;

  private FakeClock clock;
  private RedisServer redis;
  private SessionManager here;
  private SessionManager there;

  @BeforeAll
  static void isPossible() {
    assumeTrue(
        FakeClock.isPossible(),
        "No faketime on the PATH, or a redis-server that it cannot be put under");
  }

  @BeforeEach
  void start() {
    clock = new FakeClock();
    redis = RedisServer.start(clock);
    here = TestNodes.manager(settings(), new Measurements());
    there = TestNodes.manager(settings(), new Measurements());
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
    redis.close();
    clock.close();
  }

  private Settings settings() {
    return TestNodes.settings(redis.uri(), Conflict.DROP);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, -10})
  void sessionsGoOnAndTheirTimesNeverGoBack(int minutes) {
    List<SessionToken> tokens = new ArrayList<>();
    List<Instant> accesses = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      SessionToken token = stored(HALF_HOUR);
      tokens.add(token);
      accesses.add(accessed(there, token));
    }

    clock.set(Duration.ofMinutes(minutes));

    int ended = 0;
    int refused = 0;
    int back = 0;
    for (int i = 0; i < SESSIONS; i++) {
      SessionToken token = tokens.get(i);
      Session writing = there.join(token).session();
      if (writing == null) {
        ended++;
        continue;
      }
      back += writing.lastAccessedTime().isBefore(accesses.get(i)) ? 1 : 0;
      Instant before = writing.lastAccessedTime();
      writing.attribute("size", "7");
      refused += there.commit(writing) == Commit.SAVED ? 0 : 1;
      there.release(writing);
      back += accessed(here, token).isBefore(before) ? 1 : 0;
      assertThat(read(here, token, "color") + read(here, token, "size")).isEqualTo("red7");
      assertThat(left(token)).isBetween(HALF_HOUR, HALF_HOUR.plusMinutes(3));
    }
    assertThat(List.of(ended, refused, back)).containsExactly(0, 0, 0);
    FaultMatrix.record(
        "Clock skew of Redis",
        "ClockJumpTest",
        "%s: %d sessions of half an hour in use, %d ended, writes refused %d, lastAccessedTime went back %d times"
            .formatted(set(minutes), SESSIONS, ended, refused, back));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, -10})
  void aSessionMadeAfterwardsLivesItsTime(int minutes) {
    stored(HALF_HOUR);
    clock.set(Duration.ofMinutes(minutes));
    long start = System.nanoTime();
    Duration idle = Duration.ofSeconds(2);

    SessionToken token = stored(idle);

    assertThat(left(token)).isLessThanOrEqualTo(idle.plusMillis(200));
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> there.join(token, false).session() == null);
    Duration lived = Duration.ofNanos(System.nanoTime() - start);
    assertThat(lived).isGreaterThanOrEqualTo(idle);
    FaultMatrix.record(
        "Clock skew of Redis",
        "ClockJumpTest",
        "%s, before: a session of %d s lived %.1f s"
            .formatted(set(minutes), idle.toSeconds(), lived.toMillis() / 1e3));
  }

  /** The node has asked for the clock when a time to live surprised it, and believes it. */
  @ParameterizedTest
  @ValueSource(ints = {10, -10})
  void aWriteThatWasGivenUpAfterwardsIsNotAppliedLater(int minutes) {
    SessionToken token = stored(HALF_HOUR);
    clock.set(Duration.ofMinutes(minutes));
    Session writing = there.join(token, false).session();
    writing.attribute("size", "ghost");
    redis.freeze();
    try {
      assertThatThrownBy(() -> there.commit(writing))
          .isInstanceOf(SessionStoreUnavailableException.class);
    } finally {
      redis.thaw();
    }
    there.release(writing);

    await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(read(here, token, "size")).isEqualTo("null"));
    assertThat(read(here, token, "color")).isEqualTo("red");
  }

  /** A longer time to live is believed for a clock that was set back, and not without that. */
  @Test
  void aTimeToLiveThatNoScriptHasSetIsStillRefusedAfterwards() {
    SessionToken token = stored(HALF_HOUR);
    SessionToken other = stored(HALF_HOUR);
    clock.set(Duration.ofMinutes(-10));

    redis.command("PEXPIRE", key(token), Duration.ofHours(3).toMillis());
    redis.command("PERSIST", key(other));

    for (SessionManager node : List.of(here, there)) {
      assertThat(node.join(token).session()).isNull();
      assertThat(node.join(other).session()).isNull();
    }
  }

  @Test
  void aListOfSessionsHasThemAfterwards() {
    SessionToken token = stored(HALF_HOUR);
    try (RedisSessionStore store = new RedisSessionStore(settings())) {
      store.ensureAvailable();
      clock.set(Duration.ofMinutes(-10));

      assertThat(store.describe(List.of(token.locator()), (unread, e) -> {}))
          .hasEntrySatisfying(
              token.locator(), session -> assertThat(session.state().expired()).isFalse());
    }
  }

  private static String set(int minutes) {
    return "set " + Math.abs(minutes) + " min " + (minutes > 0 ? "ahead" : "back");
  }

  private SessionToken stored(Duration idle) {
    Session session = here.create(idle);
    session.attribute("color", "red");
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    here.release(session);
    return session.token();
  }

  private static Instant accessed(SessionManager node, SessionToken token) {
    Session session = Objects.requireNonNull(node.join(token).session());
    Instant accessed = session.lastAccessedTime();
    node.release(session);
    return accessed;
  }

  private static String read(SessionManager node, SessionToken token, String name) {
    Session session = Objects.requireNonNull(node.join(token).session());
    String value = String.valueOf(session.attribute(name));
    node.release(session);
    return value;
  }

  private static String key(SessionToken token) {
    return "holdfast:shop:{" + token.locator() + "}";
  }

  /** Until it is over, by Redis. */
  private Duration left(SessionToken token) {
    Long pttl = (Long) Objects.requireNonNull(redis.command("PTTL", key(token)));
    return Duration.ofMillis(pttl).minus(GRACE);
  }
}
