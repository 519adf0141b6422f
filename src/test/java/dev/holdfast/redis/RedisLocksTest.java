package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.FakeClock;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SessionLocks.Standing;
import dev.holdfast.store.SessionLocks.Ticket;
import dev.holdfast.store.Stamp;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Locks where Redis stands still, is full, forgets its scripts, or has another time. */
class RedisLocksTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static RedisServer redis;
  private static RedisSessionStore store;

  private final byte[] secretHash = new byte[32];

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    store = new RedisSessionStore(TestSettings.of(redis.uri(), "redis.timeout", "1s"));
  }

  @AfterAll
  static void stop() {
    store.close();
    redis.close();
  }

  private String created(RedisSessionStore in) {
    NewSession session =
        new NewSession(
            Workload.locator(),
            secretHash,
            Stamp.first(new SecureRandom()),
            in.now(),
            Duration.ofMinutes(30),
            null,
            null,
            Map.of());
    in.create(session);
    return session.locator();
  }

  private static Standing standing(Ticket ticket) {
    return ticket.ask(LEASE).orTimeout(10, TimeUnit.SECONDS).join().standing();
  }

  private static @Nullable String line(RedisServer server, String locator) {
    byte[] field = server.hash("holdfast:shop:{" + locator + "}").get("m:l");
    return field == null ? null : new String(field, US_ASCII);
  }

  @Test
  void aSessionThatNobodyLocksHasNoFieldForIt() {
    String locator = created(store);
    Ticket ticket = store.locks().ticket(locator, secretHash);
    assertThat(line(redis, locator)).isNull();
    assertThat(standing(ticket)).isEqualTo(Standing.HELD);
    assertThat(line(redis, locator)).matches("[A-Za-z0-9_-]{16} \\d{13}");
    ticket.leave();
    await().until(() -> line(redis, locator) == null);
  }

  @Test
  void aQuestionThatRedisHearsTooLateTakesNoPlace() {
    String locator = created(store);
    Ticket late = store.locks().ticket(locator, secretHash);
    // Redis knows the script from then on. The answer to the next one comes behind that.
    late.leave();
    boolean unused = store.locks().ticket(locator, secretHash).renew(LEASE).join();
    long asked = redis.calls("evalsha");
    redis.freeze();
    try {
      assertThatThrownBy(() -> standing(late))
          .hasCauseInstanceOf(SessionStoreUnavailableException.class);
    } finally {
      redis.thaw();
    }
    try (RedisSessionStore other = new RedisSessionStore(TestSettings.of(redis.uri()))) {
      await().until(() -> redis.calls("evalsha") > asked);
      Ticket next = other.locks().ticket(locator, secretHash);
      assertThat(standing(next)).isEqualTo(Standing.HELD);
      assertThat(line(redis, locator)).doesNotContain(late.token());
      next.leave();
    }
  }

  @Test
  void aFullRedisStillGivesLocksAndTakesThemBack() {
    String locator = created(store);
    Ticket first = store.locks().ticket(locator, secretHash);
    Ticket second = store.locks().ticket(locator, secretHash);
    redis.command("CONFIG", "SET", "maxmemory", "1");
    try {
      assertThat(standing(first)).isEqualTo(Standing.HELD);
      assertThat(standing(second)).isEqualTo(Standing.WAITING);
      assertThat(first.renew(LEASE).join()).isTrue();
      first.leave();
      await().until(() -> standing(second) == Standing.HELD);
      second.leave();
      await().until(() -> line(redis, locator) == null);
    } finally {
      redis.command("CONFIG", "SET", "maxmemory", "0");
    }
  }

  @Test
  void aForgottenScriptIsSentAgain() {
    String locator = created(store);
    Ticket ticket = store.locks().ticket(locator, secretHash);
    assertThat(standing(ticket)).isEqualTo(Standing.HELD);
    redis.command("SCRIPT", "FLUSH");
    assertThat(ticket.renew(LEASE).join()).isTrue();
    redis.command("SCRIPT", "FLUSH");
    ticket.leave();
    await().until(() -> line(redis, locator) == null);
  }

  /** The clock of this machine decides nothing. */
  @Test
  void leasesEndByTheClockOfRedis() {
    assumeThat(FakeClock.isPossible()).isTrue();
    try (FakeClock clock = new FakeClock();
        RedisServer faked = RedisServer.start(clock);
        RedisSessionStore node = new RedisSessionStore(TestSettings.of(faked.uri()))) {
      String locator = created(node);
      Ticket holder = node.locks().ticket(locator, secretHash);
      Ticket next = node.locks().ticket(locator, secretHash);
      assertThat(standing(holder)).isEqualTo(Standing.HELD);
      assertThat(standing(next)).isEqualTo(Standing.WAITING);
      clock.set(LEASE.plusSeconds(1));
      await().until(() -> standing(next) == Standing.HELD);
      // Nor does one that has died keep a lock for long when that clock is set back.
      clock.set(Duration.ofHours(-1));
      Ticket last = node.locks().ticket(locator, secretHash);
      await().until(() -> standing(last) == Standing.HELD);
    }
  }
}
