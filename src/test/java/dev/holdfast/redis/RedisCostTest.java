package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.Rotation;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.TouchInterval;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each method costs: commands as Redis sees them, waits and bytes on the socket, memory. */
class RedisCostTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration TOUCH_INTERVAL = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofMinutes(5);

  private static final RedisServer server = RedisServer.start();
  private static final CountingProxy proxy = new CountingProxy(server.port());
  private static final RedisMonitor monitor = new RedisMonitor(server);
  private static final RedisSessionStore store = RedisContract.store(proxy.uri());

  private final byte[] secretHash = bytes(32);

  @BeforeAll
  static void connect() {
    store.ensureAvailable();
  }

  @AfterAll
  static void close() {
    store.close();
    monitor.close();
    proxy.close();
    server.close();
  }

  @BeforeEach
  void reset() {
    server.flush();
    count();
  }

  @Test
  void connectingLoadsTheScriptsAndAsksForTheTime() {
    RedisSessionStore fresh = RedisContract.store(proxy.uri());
    assertThat(monitor.commands()).isEmpty();
    assertThat(proxy.connections()).isZero();
    fresh.ensureAvailable();
    assertThat(monitor.commands())
        .containsSubsequence("HELLO", "SCRIPT", "SCRIPT", "SCRIPT", "SCRIPT", "TIME");
    fresh.close();
  }

  @Test
  void beingAvailableCostsNothingWhenConnected() {
    store.ensureAvailable();
    assertThat(monitor.commands()).isEmpty();
    assertThat(proxy.bytes()).isZero();
  }

  @Test
  void everyMethodCostsOneWaitAndOneScriptOrTwoReadsAndAnEntryOfTheIndex() {
    NewSession session = session(Duration.ofMinutes(30), null, Map.of("user", bytes(20)));

    count();
    store.create(session);
    assertCost(1, "ZADD", "EVALSHA");
    store.load(session.locator(), null);
    assertCost(1, "HGETALL", "PTTL");
    store.load(session.locator(), secretHash);
    assertCost(1, "HGETALL", "PTTL", "EVALSHA");
    store.check(session.locator(), null);
    assertCost(1, "HMGET", "PTTL");
    store.check(session.locator(), secretHash);
    assertCost(1, "HMGET", "PTTL", "EVALSHA");
    store.save(save(session, Map.of("user", bytes(20))));
    assertCost(1, "EVALSHA");
    store.save(interval(session, Duration.ofMinutes(5)));
    assertCost(1, "ZADD", "EVALSHA");
    store.destroy(session.locator());
    assertCost(1, "EVALSHA");
  }

  @Test
  void aTouchIsNotWaitedFor() throws Exception {
    NewSession session = create(Duration.ofMinutes(30), null, Map.of());
    proxy.pause();
    var touched = store.touch(session.locator(), secretHash).toCompletableFuture();
    assertThat(touched).isNotDone();
    proxy.resume();
    assertThat(touched.get(5, TimeUnit.SECONDS)).contains(Duration.ofMinutes(30));
    assertThat(monitor.commands()).containsExactly("EVALSHA");
  }

  @Test
  void aReadDoesNotWaitForItsTouch() throws Exception {
    NewSession session = create(Duration.ofMinutes(30), null, Map.of());
    server.command("SCRIPT", "FLUSH");
    assertThat(store.check(session.locator(), secretHash)).isNotNull();
    await().until(() -> monitor.commands().size() == 4);
    assertThat(monitor.commands()).containsExactly("HMGET", "PTTL", "EVALSHA", "EVAL");
    store.touch(session.locator(), secretHash).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void scriptsThatRedisHasForgottenAreSentAgain() {
    NewSession session = create(Duration.ofMinutes(30), null, Map.of());
    server.command("SCRIPT", "FLUSH");
    count();
    assertThat(store.save(save(session, Map.of("a", bytes(9)))).result()).isEqualTo(Result.SAVED);
    assertCost(2, "EVALSHA", "EVAL");
    assertThat(store.save(save(session, Map.of("a", bytes(9)))).result()).isEqualTo(Result.SAVED);
    assertCost(1, "EVALSHA");
    server.command("SCRIPT", "FLUSH");
    assertThat(store.destroy(session.locator())).isNotNull();
  }

  @Test
  void aCheckTakesAtMost300BytesBothWaysWhateverTheSessionWeighs() {
    Instant deadline = store.now().plus(Duration.ofHours(12));
    for (NewSession session :
        List.of(
            create(Duration.ofMinutes(30), null, Map.of("a", bytes(200_000))),
            create(Duration.ofHours(8), deadline, Map.of("a", bytes(10))))) {
      count();
      assertThat(store.check(session.locator(), null)).isNotNull();
      assertThat(proxy.bytes()).isLessThanOrEqualTo(300);
    }
  }

  @Test
  void aSessionIsOneKeyAndOneEntryOfTheExpiryIndexAndNothingElse() {
    NewSession session = create(Duration.ofMinutes(30), null, Map.of("a", bytes(9)));
    String key = key(session);
    String shard = shard(session);
    assertThat(server.keys()).containsExactlyInAnyOrder(key, shard);
    store.load(session.locator(), secretHash);
    store.save(save(session, Map.of("b", bytes(9))));
    byte[] next = bytes(32);
    store.save(
        new SessionChanges(
            session.locator(),
            0,
            session.stamp(),
            new Stamp(3, RANDOM.nextLong()),
            store.now(),
            null,
            bytes(12),
            new Rotation(secretHash, next, Duration.ofSeconds(30)),
            Map.of(),
            Map.of(),
            Set.of()));
    store.check(session.locator(), next);
    assertThat(server.keys()).containsExactlyInAnyOrder(key, shard);
    assertThat((List<?>) requireNonNull(server.command("ZRANGE", shard, 0, -1)))
        .singleElement()
        .isEqualTo(session.locator().getBytes(UTF_8));
    assertThat(server.hash(key))
        .containsOnlyKeys(
            "m:h", "m:v", "m:x", "m:c", "m:s", "m:p", "m:n", "m:u", "a:a", "a:b", "r:b");
    store.destroy(session.locator());
    assertThat(server.keys()).as("until the entry is due").containsExactly(shard);
    assertThat(monitor.all())
        .filteredOn(line -> line.client().equals("lua"))
        .isNotEmpty()
        .allMatch(
            line ->
                line.text().contains(key)
                    || line.name().equals("TIME")
                    || line.text().startsWith("\"PUBLISH\" \"holdfast:shop:ended\" "));
  }

  @Test
  void aSessionOfOneSmallAttributeTakesLessThan344Bytes() {
    NewSession session = create(Duration.ofMinutes(30), null, Map.of("user", bytes(30)));
    assertThat(server.memoryUsage(key(session))).isLessThan(344);
    store.save(save(session, Map.of("user", bytes(30))));
    assertThat(server.memoryUsage(key(session))).isLessThan(344);
  }

  @ParameterizedTest
  @CsvSource({"1800, 0", "300, 0", "1, 0", "86400, 0", "0, 0", "-1, 0", "1800, 600", "-1, 3600"})
  void aKeyAlwaysLivesForItsIdleTimeTheTouchSlackAndTheGrace(long seconds, long absoluteSeconds)
      throws Exception {
    Duration idle = Duration.ofSeconds(seconds);
    Instant now = store.now();
    Instant deadline = absoluteSeconds == 0 ? null : now.plusSeconds(absoluteSeconds);
    Duration most =
        seconds <= 0
            ? Duration.ofDays(365)
            : idle.plus(TouchInterval.of(TOUCH_INTERVAL, idle)).plus(GRACE);
    if (absoluteSeconds > 0) {
      most = Duration.ofSeconds(absoluteSeconds).plus(GRACE);
    }
    NewSession session = create(idle, deadline, Map.of());
    assertTtl(session, most);
    server.command("PEXPIRE", key(session), 301_000);
    store.touch(session.locator(), secretHash).toCompletableFuture().get(5, TimeUnit.SECONDS);
    assertTtl(session, most);
    server.command("PEXPIRE", key(session), 301_000);
    store.prolong(session.locator()).toCompletableFuture().get(5, TimeUnit.SECONDS);
    assertTtl(session, most);
    server.command("PEXPIRE", key(session), 301_000);
    assertThat(store.save(save(session, Map.of())).result()).isEqualTo(Result.SAVED);
    assertTtl(session, most);
  }

  @Test
  void nothingOfNettyStaysInTheCallersThread() throws Exception {
    Thread caller =
        new Thread(
            () -> {
              NewSession session = create(Duration.ofMinutes(30), null, Map.of("a", bytes(50)));
              store.load(session.locator(), secretHash);
              store.check(session.locator(), secretHash);
              store.touch(session.locator(), secretHash).toCompletableFuture().join();
              store.save(save(session, Map.of("a", bytes(50_000))));
              store.destroy(session.locator());
              assertThat(threadLocals()).isEmpty();
            });
    Throwable[] thrown = new Throwable[1];
    caller.setUncaughtExceptionHandler((thread, failure) -> thrown[0] = failure);
    caller.start();
    caller.join();
    assertThat(thrown[0]).isNull();
  }

  /** Netty's map is what it leaves in a thread that is not its own. */
  private static List<Object> threadLocals() {
    var map = io.netty.util.internal.InternalThreadLocalMap.getIfSet();
    return map == null ? List.of() : List.of(map);
  }

  private static void count() {
    monitor.clear();
    proxy.reset();
  }

  /** Also waits for what was not awaited. */
  private static void assertCost(int waits, String... commands) {
    await().until(() -> monitor.commands().size() >= commands.length);
    assertThat(monitor.commands()).containsExactly(commands);
    assertThat(proxy.waits()).isEqualTo(waits);
    count();
  }

  private static void assertTtl(NewSession session, Duration most) {
    long ttl = (Long) requireNonNull(server.command("PTTL", key(session)));
    assertThat(ttl).isBetween(most.minusSeconds(3).toMillis(), most.toMillis());
    String times = new String(requireNonNull(server.hash(key(session)).get("m:x")), UTF_8);
    long now = Long.parseLong(times.substring(0, times.indexOf(' '))) - ttl;
    assertThat(now).isBetween(redisMillis() - 2_000, redisMillis());
  }

  private static long redisMillis() {
    List<?> time = (List<?>) requireNonNull(server.command("TIME"));
    return Long.parseLong(new String((byte[]) requireNonNull(time.get(0)), UTF_8)) * 1000 + 999;
  }

  private static String key(NewSession session) {
    return "holdfast:shop:{" + session.locator() + "}";
  }

  /** Where the expiry index has its entry, as every version must compute it. */
  private static String shard(NewSession session) {
    return "holdfast:shop:expiry:{shop-" + Math.floorMod(session.locator().hashCode(), 16) + "}";
  }

  private static SessionChanges interval(NewSession session, Duration idle) {
    return new SessionChanges(
        session.locator(),
        0,
        session.stamp(),
        new Stamp(3, RANDOM.nextLong()),
        store.now(),
        idle,
        null,
        null,
        Map.of(),
        Map.of(),
        Set.of());
  }

  private NewSession create(
      Duration idle, @Nullable Instant deadline, Map<String, byte[]> attributes) {
    NewSession session = session(idle, deadline, attributes);
    assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
    count();
    return session;
  }

  private NewSession session(
      Duration idle, @Nullable Instant deadline, Map<String, byte[]> attributes) {
    String locator = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(16));
    Stamp stamp = Stamp.first(RANDOM);
    return new NewSession(
        locator, secretHash, stamp, store.now(), idle, deadline, null, attributes);
  }

  private static SessionChanges save(NewSession session, Map<String, byte[]> written) {
    return new SessionChanges(
        session.locator(),
        0,
        session.stamp(),
        new Stamp(2, RANDOM.nextLong()),
        store.now(),
        null,
        null,
        null,
        written,
        Map.of(),
        Set.of());
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
