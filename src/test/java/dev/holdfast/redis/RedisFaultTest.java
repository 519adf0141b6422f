package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.client.RedisClock;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.RestorableStore.Restored;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.Rotation;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import dev.holdfast.testing.FaultMatrix;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the store does when Redis, the network or a caller does not do its part. */
class RedisFaultTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final byte[] secretHash = bytes(32);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private RedisServer server;
  private RedisSessionStore store;

  @BeforeEach
  void open() {
    server = keep(RedisServer.start());
    store = store(server.uri());
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void aRedisThatIsDownAtTheStartFailsCallersFastAndHealsWithinTwoSeconds() {
    server.stop();
    assertUnavailable(store::ensureAvailable);
    long start = System.nanoTime();
    int refused = 0;
    for (int i = 0; i < 50; i++) {
      assertUnavailable(() -> store.check(locator(), null));
      refused++;
    }
    Duration refusing = Duration.ofNanos(System.nanoTime() - start);
    assertThat(refusing).isLessThan(Duration.ofSeconds(1));
    server.restart();
    double healed = secondsUntil(() -> available(store));
    FaultMatrix.record(
        "Down at start",
        "RedisFaultTest",
        "%d calls refused in %.2f s, healed %.1f s after Redis answered"
            .formatted(refused, refusing.toMillis() / 1e3, healed));
  }

  @Test
  void aRedisThatDoesNotAnswerTheHandshakeIsTriedOnceForAllCallers() throws Exception {
    CountingProxy proxy = keep(new CountingProxy(server.port()));
    proxy.pause();
    RedisSessionStore behind = store(proxy.uri());
    AtomicInteger failures = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Thread caller =
          new Thread(
              () -> {
                try {
                  behind.ensureAvailable();
                } catch (SessionStoreUnavailableException e) {
                  failures.incrementAndGet();
                }
              });
      caller.start();
      callers.add(caller);
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(failures).hasValue(50);
    assertThat(proxy.connections()).isLessThanOrEqualTo(2);
    assertUnavailable(behind::ensureAvailable);
    proxy.resume();
    await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> available(behind));
  }

  @Test
  void aRestartedRedisIsFoundAgainWithItsScripts() {
    NewSession session = create();
    server.kill();
    assertUnavailable(() -> store.check(session.locator(), null));
    server.restart();
    secondsUntil(() -> store.create(session(Map.of())).result() == Result.SAVED);
    assertThat(store.load(session.locator(), null)).isNull();
  }

  @Test
  void aCutConnectionIsReplacedAtTheNextCall() {
    CountingProxy proxy = keep(new CountingProxy(server.port()));
    RedisSessionStore behind = store(proxy.uri());
    behind.ensureAvailable();
    proxy.disconnect();
    await().ignoreExceptions().until(() -> behind.check(locator(), null) == null);
    assertThat(proxy.connections()).isEqualTo(2);
  }

  @Test
  void aSaveThatTimedOutIsNotAppliedLater() {
    NewSession session = create();
    server.freeze();
    Throwable fault = assertUnavailable(() -> store.save(write(session, "ghost")));
    assertThat(fault)
        .hasMessageContaining("save got no reply within")
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageContaining("waiting=1 of 256");
    server.thaw();
    await().ignoreExceptions().until(() -> available(store));
    assertThat(load(session).attributes()).isEmpty();
    assertThat(load(session).state().stamp()).isEqualTo(session.stamp());
    assertThat(store.save(write(session, "next")).result()).isEqualTo(Result.SAVED);
  }

  @Test
  void aFrozenRedisIsGivenUpAndFoundAgain() {
    store.ensureAvailable();
    server.freeze();
    long start = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              long call = System.nanoTime();
              assertUnavailable(() -> store.check(locator(), null));
              return System.nanoTime() - call < TimeUnit.MILLISECONDS.toNanos(100);
            });
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(3));
    server.thaw();
    secondsUntil(() -> available(store));
  }

  @Test
  void aSaveWhoseReplyWasLostIsAnsweredAsSavedWhenItComesAgain() {
    CountingProxy proxy = keep(new CountingProxy(server.port()));
    RedisSessionStore behind = store(proxy.uri());
    NewSession session = create();
    SessionChanges changes =
        changes(session, Map.of("a", bytes(4)), rotation(secretHash, bytes(32)));
    behind.ensureAvailable();
    proxy.loseNextReply();
    assertUnavailable(() -> behind.save(changes));
    await().ignoreExceptions().until(() -> available(behind));
    assertThat(behind.save(changes).result()).isEqualTo(Result.SAVED);
    assertThat(load(session).state().epoch()).isEqualTo(1);
    NewSession another = session(Map.of());
    proxy.loseNextReply();
    assertUnavailable(() -> behind.create(another));
    await().ignoreExceptions().until(() -> available(behind));
    assertThat(behind.create(another).result()).isEqualTo(Result.SAVED);
  }

  @ParameterizedTest
  @EnumSource
  void aFullRedisRefusesSavesWholeAndLetsTouchesAndLogoutsThrough(RedisServer.Binary binary)
      throws Exception {
    RedisServer full = keep(RedisServer.start(binary));
    RedisSessionStore store = store(full.uri());
    NewSession session = session(Map.of("a", bytes(4), "b", bytes(4)));
    store.create(session);
    String key = "holdfast:shop:{" + session.locator() + "}";
    Map<String, byte[]> before = full.hash(key);
    full.command("CONFIG", "SET", "maxmemory", "1");

    SessionChanges changes =
        new SessionChanges(
            session.locator(),
            0,
            session.stamp(),
            stamp(),
            store.now(),
            null,
            null,
            rotation(secretHash, bytes(32)),
            Map.of("a", bytes(5)),
            Map.of(),
            Set.of("b"));
    assertThat(assertUnavailable(() -> store.save(changes)))
        .hasMessageContaining("OOM command not allowed")
        .hasMessageContaining("nothing was written")
        .hasNoCause();
    assertUnavailable(() -> store.create(session(Map.of())));
    Map<String, byte[]> after = full.hash(key);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((field, value) -> assertThat(after.get(field)).isEqualTo(value));

    assertThat(
            store
                .touch(session.locator(), secretHash)
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS))
        .contains(IDLE);
    assertThat(requireNonNull(store.check(session.locator(), null)).expired()).isFalse();
    assertThat(store.destroy(session.locator())).isNotNull();
    assertThat(full.keys()).noneMatch(found -> found.contains(session.locator()));
  }

  @ParameterizedTest
  @EnumSource
  void aFullRedisLetsSomebodyWithoutListenersEndSessionsForGood(RedisServer.Binary binary) {
    RedisServer full = keep(RedisServer.start(binary));
    RedisSessionStore store = store(full.uri());
    NewSession session = session(Map.of("a", bytes(4)));
    NewSession lost = session(Map.of());
    store.create(session);
    store.create(lost);
    List<SessionSnapshot> copies = store.snapshots(List.of(session.locator(), lost.locator()));
    full.command("DEL", "holdfast:shop:{" + lost.locator() + "}");
    full.command("CONFIG", "SET", "maxmemory", "1");

    Duration refuse = Duration.ofMinutes(1);
    assertThat(store.lapse(session.locator(), refuse)).isTrue();
    assertThat(store.lapse(lost.locator(), refuse)).isFalse();

    full.command("CONFIG", "SET", "maxmemory", "0");
    assertThat(requireNonNull(store.check(session.locator(), null)).expired()).isTrue();
    assertThat(store.expire(session.locator())).isNotNull();
    assertThat(store.restore(copies, store.now().plusSeconds(10))).containsOnly(Restored.ENDED);
  }

  @ParameterizedTest
  @EnumSource
  void aPrimaryThatBecameAReplicaIsLeft(RedisServer.Binary binary) {
    RedisServer demoted = keep(RedisServer.start(binary));
    CountingProxy proxy = keep(new CountingProxy(demoted.port()));
    RedisSessionStore store = store(proxy.uri());
    NewSession session = session(Map.of());
    store.create(session);
    demoted.command("REPLICAOF", "127.0.0.1", server.port() + "");
    demoted.command("CONFIG", "SET", "replica-serve-stale-data", "yes");
    Throwable fault = assertUnavailable(() -> store.create(session(Map.of())));
    assertThat(fault).hasMessageContaining("READONLY");
    int refused = 1;
    for (; refused < 10; refused++) {
      assertUnavailable(() -> store.create(session(Map.of())));
    }
    demoted.command("REPLICAOF", "NO", "ONE");
    double healed = secondsUntil(() -> store.create(session(Map.of())).result() == Result.SAVED);
    assertThat(proxy.connections()).isGreaterThanOrEqualTo(2);
    FaultMatrix.record(
        "READONLY, the primary became a replica in place",
        "RedisFaultTest",
        "Redis %s: %d of %d writes refused, healed %.1f s after it was a primary again, over %d connections"
            .formatted(demoted.version(), refused, refused, healed, proxy.connections()));
  }

  @Test
  void anInterruptedCallerIsUnavailableAndStaysInterrupted() {
    NewSession session = create();
    int saves = 20;
    int flagged = 0;
    for (int i = 0; i < saves; i++) {
      Thread.currentThread().interrupt();
      assertThat(assertUnavailable(() -> store.save(write(session, "a"))))
          .hasMessageContaining("interrupted");
      flagged += Thread.interrupted() ? 1 : 0;
    }
    assertThat(flagged).isEqualTo(saves);
    int applied = load(session).attributes().size();
    assertThat(applied).isZero();
    assertThat(store.save(write(session, "next")).result()).isEqualTo(Result.SAVED);
    FaultMatrix.record(
        "Interrupt",
        "RedisFaultTest",
        "before a save: %d saves unavailable, flag kept %d times, %d applied later"
            .formatted(saves, flagged, applied));
  }

  @Test
  void aCallerInterruptedWhileWaitingIsUnavailableAndStaysInterrupted() throws Exception {
    NewSession session = create();
    server.freeze();
    AtomicInteger interrupted = new AtomicInteger();
    Thread caller =
        new Thread(
            () -> {
              try {
                store.check(session.locator(), null);
              } catch (SessionStoreUnavailableException e) {
                interrupted.set(Thread.currentThread().isInterrupted() ? 1 : 2);
              }
            });
    caller.start();
    await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
    caller.interrupt();
    caller.join();
    assertThat(interrupted).hasValue(1);
    server.thaw();
  }

  @Test
  void noMoreCallersWaitThanThereArePlaces() throws Exception {
    Settings narrow =
        TestSettings.of(server.uri(), "redis.timeout", "500ms", "redis.concurrency", "1");
    RedisSessionStore store = keep(new RedisSessionStore(narrow));
    store.ensureAvailable();
    server.freeze();
    Thread first =
        new Thread(
            () -> {
              try {
                var unused = store.destroy(locator());
              } catch (SessionStoreUnavailableException e) {
                // Redis went on too late for it, which is all the same here.
              }
            });
    first.start();
    await().until(() -> first.getState() == Thread.State.TIMED_WAITING);
    assertThat(assertUnavailable(() -> store.check(locator(), null)))
        .hasMessageContaining("no place for another caller")
        .hasMessageContaining("waiting=1 of 1");
    server.thaw();
    first.join();
  }

  @Test
  void aTouchWithoutRedisFails() {
    server.stop();
    assertThatThrownBy(
            () -> store.touch(locator(), secretHash).toCompletableFuture().get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SessionStoreUnavailableException.class);
  }

  @Test
  void aWrongPasswordIsNamedAsSuchAndNotShown() {
    RedisServer guarded = keep(RedisServer.start("--requirepass", "s3cret"));
    RedisSessionStore wrong = store("redis://:wr0ng@127.0.0.1:" + guarded.port());
    // Redis's answer and the end of the connection race for being the first thing that is known.
    Throwable fault =
        await()
            .until(
                () -> assertUnavailable(wrong::ensureAvailable),
                refusal -> String.valueOf(refusal.getMessage()).contains("WRONGPASS"));
    for (Throwable t = fault; t != null; t = t.getCause()) {
      assertThat(t.toString()).doesNotContain("wr0ng");
    }
    RedisSessionStore right = store(guarded.uri());
    right.ensureAvailable();
    assertThat(right.check(locator(), null)).isNull();
  }

  @Test
  void aKeyThatIsNoSessionCountsAsAbsent() throws Exception {
    NewSession session = create();
    String key = "holdfast:shop:{" + session.locator() + "}";
    for (String field : List.of("m:h", "m:v", "m:x")) {
      byte[] value = requireNonNull(server.hash(key).get(field));
      for (Runnable damage :
          List.<Runnable>of(
              () -> server.command("HDEL", key, field),
              () -> server.command("HSET", key, field, "not what it should be"))) {
        damage.run();
        assertThat(store.check(session.locator(), secretHash)).isNull();
        assertThat(store.load(session.locator(), secretHash)).isNull();
        server.command("HSET", key, field, value);
      }
    }
    assertThat(store.check(session.locator(), null)).isNotNull();
    server.command("DEL", key);
    server.command("SET", key, "a string");
    assertThat(store.check(session.locator(), secretHash)).isNull();
    assertThat(store.load(session.locator(), secretHash)).isNull();
    assertThat(store.save(write(session, "a")).result()).isEqualTo(Result.GONE);
    assertThat(store.create(session).result()).isEqualTo(Result.GONE);
    assertThat(touch(session)).isEmpty();
    assertThat(store.destroy(session.locator())).isNull();
    assertThat(server.keys()).noneMatch(found -> found.contains(session.locator()));
  }

  @Test
  void aTimeToLiveThatNoScriptWouldSetCountsAsExpired() throws Exception {
    NewSession session = create();
    String key = "holdfast:shop:{" + session.locator() + "}";
    server.command("PERSIST", key);
    assertExpired(session);
    server.command("PEXPIRE", key, Duration.ofHours(3).toMillis());
    assertExpired(session);
    server.command("PEXPIRE", key, Duration.ofMinutes(20).toMillis());
    assertThat(requireNonNull(store.check(session.locator(), null)).expired()).isFalse();
    server.command("PEXPIRE", key, Duration.ofMinutes(5).toMillis());
    assertExpired(session);
  }

  @Test
  void aLongerTimeToLiveDoesNotOutliveTheAbsoluteDeadline() throws Exception {
    store.ensureAvailable();
    NewSession session =
        new NewSession(
            locator(),
            secretHash,
            Stamp.first(RANDOM),
            store.now(),
            IDLE,
            store.now().plusMillis(200),
            null,
            Map.of());
    store.create(session);
    String key = "holdfast:shop:{" + session.locator() + "}";
    await().until(() -> requireNonNull(store.check(session.locator(), null)).expired());
    server.command("PEXPIRE", key, Duration.ofMinutes(20).toMillis());
    assertExpired(session);
  }

  @Test
  void aNodeWhoseClockWasNotReadForLongWritesAllTheSame() {
    NewSession session = create();
    RedisClock clock = requireNonNull(store.clock());
    clock.observe(clock.now() - Duration.ofHours(1).toMillis(), System.nanoTime());
    assertThat(store.save(write(session, "a")).result()).isEqualTo(Result.SAVED);
    assertThat(store.now()).isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
  }

  @Test
  void nodesWithDifferentTouchIntervalsAgreeOnWhatIsExpired() {
    RedisSessionStore slow =
        keep(new RedisSessionStore(TestSettings.of(server.uri(), "touch.interval", "1h")));
    RedisSessionStore quick =
        keep(new RedisSessionStore(TestSettings.of(server.uri(), "touch.interval", "1s")));
    NewSession session = session(Map.of());
    slow.create(session);
    assertThat(requireNonNull(quick.check(session.locator(), null)).expired()).isFalse();
    assertThat(quick.save(write(session, "a")).result()).isEqualTo(Result.SAVED);
  }

  @Test
  void closingLeavesNoThreadAndRefusesCalls() {
    RedisSessionStore closing =
        new RedisSessionStore(TestSettings.of(server.uri(), "app", "closing"));
    closing.ensureAvailable();
    assertThat(threads("closing-redis-"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon)
        .allMatch(thread -> thread.getContextClassLoader() == null);
    long start = System.nanoTime();
    closing.close();
    // Netty's last thread would be there for a second more.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
    assertThat(threads("closing-redis-")).isEmpty();
    assertThat(threads("globalEventExecutor")).isEmpty();
    assertUnavailable(() -> closing.check(locator(), null));
    closing.close();
  }

  @Test
  void closingWhileRedisIsDownLeavesNoThread() {
    server.stop();
    RedisSessionStore closing = new RedisSessionStore(TestSettings.of(server.uri(), "app", "down"));
    assertUnavailable(closing::ensureAvailable);
    closing.close();
    assertThat(threads("down-redis-")).isEmpty();
  }

  @Test
  void aStoreThatWasNeverUsedHasNoThread() {
    RedisSessionStore unused =
        new RedisSessionStore(TestSettings.of(server.uri(), "app", "unused"));
    assertThat(threads("unused-redis-")).isEmpty();
    unused.close();
    assertThat(threads("unused-redis-")).isEmpty();
  }

  private static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }

  private void assertExpired(NewSession session) throws Exception {
    SessionState state = requireNonNull(store.check(session.locator(), secretHash));
    assertThat(state.expired()).isTrue();
    assertThat(load(session).state().expired()).isTrue();
    assertThat(touch(session)).isEmpty();
    assertThat(store.save(write(session, "a")).result()).isEqualTo(Result.GONE);
  }

  private static Throwable assertUnavailable(Runnable call) {
    SessionStoreUnavailableException fault =
        catchThrowableOfType(SessionStoreUnavailableException.class, call::run);
    assertThat(fault).isNotNull();
    return fault;
  }

  private static double secondsUntil(Callable<Boolean> healed) {
    long start = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(2))
        .pollInterval(Duration.ofMillis(10))
        .ignoreExceptions()
        .until(healed);
    return (System.nanoTime() - start) / 1e9;
  }

  private boolean available(RedisSessionStore store) {
    return store.check(locator(), null) == null;
  }

  private Optional<Duration> touch(NewSession session) throws Exception {
    return store
        .touch(session.locator(), secretHash)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  private StoredSession load(NewSession session) {
    return requireNonNull(store.load(session.locator(), null));
  }

  private NewSession create() {
    NewSession session = session(Map.of());
    assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
    return session;
  }

  private NewSession session(Map<String, byte[]> attributes) {
    return new NewSession(
        locator(), secretHash, Stamp.first(RANDOM), store.now(), IDLE, null, null, attributes);
  }

  private SessionChanges write(NewSession session, String name) {
    return changes(session, Map.of(name, "value".getBytes(UTF_8)), null);
  }

  private SessionChanges changes(
      NewSession session, Map<String, byte[]> written, @Nullable Rotation rotation) {
    return new SessionChanges(
        session.locator(),
        0,
        session.stamp(),
        stamp(),
        store.now(),
        null,
        null,
        rotation,
        written,
        Map.of(),
        Set.of());
  }

  private static Rotation rotation(byte[] expected, byte[] next) {
    return new Rotation(expected, next, Duration.ofSeconds(30));
  }

  private RedisSessionStore store(String uri) {
    return keep(new RedisSessionStore(TestSettings.of(uri)));
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private static Stamp stamp() {
    return new Stamp(2, RANDOM.nextLong());
  }

  private static String locator() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(16));
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
