package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.Stamp;
import io.lettuce.core.cluster.SlotHash;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is filed when, what a sweep finds, and what both cost. */
class ExpiryIndexTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration IDLE = Duration.ofMinutes(30);
  private static final Duration SLACK = Duration.ofSeconds(60);
  private static final double BRIEFLY = 2_000;

  private static final RedisServer server = RedisServer.start();
  private static final CountingProxy proxy = new CountingProxy(server.port());
  private static final RedisMonitor monitor = new RedisMonitor(server);
  private static final RedisSessionStore store = RedisContract.store(proxy.uri());
  private static final RedisSessionStore otherNode = RedisContract.store(server.uri());

  private final List<String> over = Collections.synchronizedList(new ArrayList<>());

  @AfterAll
  static void close() {
    store.close();
    otherNode.close();
    monitor.close();
    proxy.close();
    server.close();
  }

  @BeforeEach
  void reset() {
    server.flush();
    store.ensureAvailable();
    otherNode.ensureAvailable();
    count();
  }

  // Filing

  @Test
  void aNewSessionIsFiledWithTheMomentBeforeWhichItDoesNotEnd() {
    assertThat(due(create(IDLE, null))).isCloseTo(fromNow(IDLE.plus(SLACK)), within(BRIEFLY));
    assertThat(due(create(Duration.ofSeconds(10), null)))
        .isCloseTo(fromNow(Duration.ofSeconds(11)), within(BRIEFLY));
    Instant deadline = store.now().plusSeconds(90);
    assertThat(due(create(IDLE, deadline))).isEqualTo(deadline.toEpochMilli());
    for (Duration never : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThat(due(create(never, null)))
          .isCloseTo(fromNow(Duration.ofDays(365).minus(SessionHash.GRACE)), within(BRIEFLY));
    }
    NewSession plain = session(IDLE, null);
    NewSession tried =
        create(
            new NewSession(
                plain.locator(),
                plain.secretHash(),
                plain.stamp(),
                plain.creationTime(),
                plain.creationTime(),
                IDLE,
                null,
                null,
                Map.of(),
                Duration.ofSeconds(30)));
    assertThat(due(tried)).isCloseTo(fromNow(Duration.ofSeconds(30)), within(BRIEFLY));
    Duration huge = Duration.ofSeconds(Integer.MAX_VALUE);
    assertThat(due(create(huge, null))).isCloseTo(fromNow(huge.plus(SLACK)), within(BRIEFLY));
  }

  @Test
  void touchesAndSavesDoNotComeHere() {
    NewSession session = create(IDLE, null);
    double due = due(session);
    count();
    store.check(session.locator(), session.secretHash());
    store.touch(session.locator(), session.secretHash()).toCompletableFuture().join();
    store.save(changes(session, null));
    assertThat(monitor.commands()).doesNotContain("ZADD");
    assertThat(due(session)).isEqualTo(due);
  }

  @Test
  void aSessionThatIsLoadedAndNotFiledIsFiledWithTheNextSweepAndWithTheTouchOnly() {
    NewSession session = create(IDLE, null);
    forget(session);
    store.load(session.locator(), null);
    sweep(store);
    assertThat(server.keys()).doesNotContain(shard(session.locator()));

    store.load(session.locator(), session.secretHash());
    sweep(store);
    sweep(store);

    assertThat(due(session)).isCloseTo(fromNow(IDLE.plus(SLACK)), within(BRIEFLY));
    assertThat(over).isEmpty();
  }

  @Test
  void aSessionThatIsLoadedAndFiledKeepsItsEntry() {
    NewSession session = create(IDLE, null);
    double due = due(session);
    await().until(() -> fromNow(IDLE.plus(SLACK)) > due + 20);
    store.load(session.locator(), session.secretHash());
    sweep(store);
    assertThat(due(session)).isEqualTo(due);
  }

  @Test
  void whatIsNotThereIsNotFiled() {
    NewSession session = create(IDLE, null);
    store.destroy(session.locator());
    forget(session);
    store.load(session.locator(), session.secretHash());
    sweep(store);
    assertThat(server.keys()).isEmpty();
  }

  @Test
  void aChangedIntervalIsLookedAtOnceTheSaveHasHappened() {
    for (Duration interval :
        List.of(Duration.ofSeconds(20), Duration.ofHours(5), Duration.ofSeconds(-1))) {
      NewSession session = create(IDLE, null);
      assertThat(store.save(changes(session, interval)).result()).isEqualTo(Result.SAVED);
      assertThat(due(session)).as("when the save is late").isLessThan(fromNow(SLACK));
      makeDue(session);

      sweep(store);

      long lifetime = SessionHash.lifetime(interval, SLACK).toMillis();
      assertThat(due(session)).isCloseTo(fromNow(Duration.ofMillis(lifetime)), within(BRIEFLY));
    }
    assertThat(over).isEmpty();
  }

  @Test
  void aNodeThatTellsNothingFilesNothing() {
    try (RedisSessionStore silent =
        new RedisSessionStore(
            TestSettings.of(server.uri(), "expiry.events", "off", "redis.timeout", "5s"))) {
      NewSession session = session(IDLE, null);
      silent.create(session);
      silent.load(session.locator(), session.secretHash());
      silent.save(changes(session, Duration.ofSeconds(9)));
      silent.expiryIndex().sweep(Duration.ZERO, over::add);
      assertThat(server.keys()).containsExactly("holdfast:shop:{" + session.locator() + "}");
    }
  }

  // Sweeping

  @Test
  void aSessionThatWasProlongedIsFiledAnewAndLives() {
    NewSession session = create(IDLE, null);
    makeDue(session);

    assertThat(sweep(store)).isFalse();

    assertThat(over).isEmpty();
    assertThat(due(session)).isCloseTo(fromNow(IDLE.plus(SLACK)), within(BRIEFLY));
    assertThat(store.load(session.locator(), null)).isNotNull();
  }

  @Test
  void theAbsoluteDeadlineComesFirst() {
    Instant deadline = store.now().plusSeconds(90);
    NewSession session = create(IDLE, deadline);
    makeDue(session);
    sweep(store);
    assertThat(due(session)).isEqualTo(deadline.toEpochMilli());
  }

  @Test
  void anEntryWithoutASessionIsRemovedAndSoIsOneThatLeadsToSomethingElse() {
    NewSession session = create(IDLE, null);
    store.destroy(session.locator());
    makeDue(session);
    server.command("ZADD", shard("no locator"), 1, "no locator");
    server.command("SET", "holdfast:shop:{odd}", "a string");
    server.command("ZADD", shard("odd"), 1, "odd");
    server.command("HSET", "holdfast:shop:{malformed}", "m:h", "x");
    server.command("ZADD", shard("malformed"), 1, "malformed");

    sweep(store);

    assertThat(over).isEmpty();
    assertThat(server.keys())
        .containsExactlyInAnyOrder("holdfast:shop:{odd}", "holdfast:shop:{malformed}");
  }

  @Test
  void whatIsOverIsHandedOutAndItsEntryRemoved() {
    NewSession session = expired();
    sweep(store);
    assertThat(over).containsExactly(session.locator());
    assertThat(server.keys()).isEmpty();
  }

  @Test
  void whatIsNotOverdueEnoughIsLeftAlone() {
    NewSession session = expired();
    file(session, fromNow(Duration.ofSeconds(-60)));
    store.expiryIndex().sweep(Duration.ofSeconds(120), over::add);
    assertThat(over).isEmpty();
    assertThat(due(session)).isLessThan(fromNow(Duration.ZERO));
    store.expiryIndex().sweep(Duration.ofSeconds(30), over::add);
    assertThat(over).containsExactly(session.locator());
  }

  @Test
  void nodesThatSweepAtTheSameMomentShareTheWork() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      expected.add(expired().locator());
    }
    List<String> here = new ArrayList<>();
    List<String> there = new ArrayList<>();
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> sweepAll(otherNode, there));
    sweepAll(store, here);
    other.join();

    List<String> both = new ArrayList<>(here);
    both.addAll(there);
    assertThat(both).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(here).isNotEmpty();
    assertThat(there).isNotEmpty();
    assertThat(server.keys()).isEmpty();
  }

  @Test
  void whatANodeLeavesBehindThatDiesInASweepComesToTheOthersLater() {
    List<NewSession> sessions = expired(5, 0);
    try (RedisSessionStore doomed = RedisContract.store(server.uri())) {
      doomed.ensureAvailable();
      breakOffASweep(doomed);
    }

    sweep(otherNode);
    assertThat(over).as("withheld").isEmpty();
    for (NewSession session : sessions) {
      assertThat(due(session)).isCloseTo(fromNow(RedisExpiryIndex.WITHHELD), within(BRIEFLY));
      makeDue(session);
    }
    sweep(otherNode);
    assertThat(over).hasSize(5);
  }

  @Test
  void aSweepThatIsBrokenOffWithholdsNothingLongerThanItsNodeNeedsToTrySweepingAgain() {
    List<NewSession> sessions = expired(5, 0);
    breakOffASweep(store);
    double taken = due(sessions.get(0)) - RedisExpiryIndex.WITHHELD.toMillis();
    double anew = Math.floor(fromNow(IDLE));
    file(sessions.get(0), anew);

    store.expiryIndex().sweep(Duration.ofMinutes(2), over::add);
    assertThat(over).as("overdue since it was taken only").isEmpty();
    assertThat(due(sessions.get(0))).as("filed anew meanwhile").isEqualTo(anew);
    assertThat(sessions.subList(1, 5)).allMatch(session -> due(session) == taken);
    sweep(otherNode);
    assertThat(over).hasSize(4);
  }

  private void breakOffASweep(RedisSessionStore node) {
    assertThatThrownBy(
            () ->
                node.expiryIndex()
                    .sweep(
                        Duration.ZERO,
                        locator -> {
                          throw new IllegalStateException("broken off");
                        }))
        .hasMessage("broken off");
  }

  @Test
  void whatIsFiledWhileASweepIsUnderWayIsNotOverwritten() {
    NewSession lives = create(IDLE, null, 0);
    makeDue(lives);
    expired(0);
    store
        .expiryIndex()
        .sweep(
            Duration.ZERO,
            ended -> {
              otherNode.save(changes(lives, Duration.ofSeconds(1)));
              otherNode.destroy(ended);
            });
    assertThat(due(lives)).isLessThan(fromNow(SLACK));
  }

  @Test
  void aSweepWorksAtMaxmemory() {
    NewSession lives = create(IDLE, null);
    makeDue(lives);
    NewSession session = expired();
    server.command("CONFIG", "SET", "maxmemory", 1);
    try {
      sweep(store);
      assertThat(over).containsExactly(session.locator());
      assertThat(due(lives)).isGreaterThan(fromNow(IDLE));
    } finally {
      server.command("CONFIG", "SET", "maxmemory", 0);
    }
  }

  @Test
  void aLapsedSessionStaysOverOnAServerWhoseClockIsBehind() {
    NewSession session = create(IDLE, null);
    assertThat(store.lapse(session.locator())).isTrue();

    long tolerated = SessionHash.CLOCK_STEP.toMillis() - 1_000;
    String key = "holdfast:shop:{" + session.locator() + "}";
    long ttlThere = (Long) requireNonNull(server.command("PTTL", key)) + tolerated;
    server.command("PEXPIRE", key, ttlThere);

    assertThat(requireNonNull(otherNode.check(session.locator(), null)).expired()).isTrue();
    assertThat(otherNode.save(changes(session, null)).result()).isEqualTo(Result.GONE);
  }

  // Cost

  @Test
  void aSweepThatFindsNothingIsOneWait() {
    create(IDLE, null);
    count();
    assertThat(sweep(store)).isFalse();
    assertThat(proxy.waits()).isEqualTo(1);
    assertThat(monitor.commands()).hasSize(ExpiryShards.COUNT).containsOnly("ZRANGEBYSCORE");
  }

  @Test
  void aSweepIsBounded() {
    for (int i = 0; i < 250; i++) {
      expired(3);
    }
    count();
    assertThat(sweep(store)).as("more to do").isTrue();
    assertThat(over).hasSize(RedisExpiryIndex.BATCH);
    assertThat(proxy.waits()).as("shards, taking, hashes, claims, handing back").isEqualTo(104);
    assertThat(monitor.commands()).hasSize(ExpiryShards.COUNT + 1 + 200 + 100 + 1);

    assertThat(sweep(store)).isTrue();
    assertThat(sweep(store)).isFalse();
    assertThat(over).hasSize(250);
    assertThat(server.keys()).isEmpty();
  }

  @Test
  void anEntryTakesLessThan136Bytes() {
    List<Object> command = new ArrayList<>(List.of("ZADD", shard("x")));
    for (int i = 0; i < 20_000; i++) {
      command.add(fromNow(IDLE) + i);
      command.add(locator());
    }
    server.command(command.toArray());
    long bytes = (Long) requireNonNull(server.command("MEMORY", "USAGE", shard("x"), "SAMPLES", 0));
    assertThat(bytes / 20_000).isLessThan(136);
  }

  // Keys

  @Test
  void theShardsLieWithinTheApplicationsAclPatternMeetNoSessionAndSpreadOverACluster() {
    List<byte[]> keys = new ExpiryShards("holdfast", "shop").all();
    assertThat(keys)
        .extracting(key -> new String(key, UTF_8))
        .allMatch(key -> key.startsWith("holdfast:shop:"))
        .noneMatch(key -> key.startsWith("holdfast:shop:{"))
        .doesNotHaveDuplicates();
    assertThat(keys.stream().map(key -> SlotHash.getSlot(key) * 3 / SlotHash.SLOT_COUNT))
        .as("which of three nodes has each")
        .contains(0, 1, 2);
    assertThat(keys).extracting(SlotHash::getSlot).doesNotHaveDuplicates();
  }

  @Test
  void whatIsFiledIsReadInBoundedPagesHoweverManyHaveOneScore() {
    Set<String> filed = new HashSet<>();
    for (int i = 0; i < 3 * FiledSessions.PAGE; i++) {
      String locator = locator();
      filed.add(locator);
      int score = i < 2 * FiledSessions.PAGE ? 5 : i;
      server.command("ZADD", "holdfast:shop:expiry:{shop-3}", score, locator);
    }
    assertThat(store.expiryIndex().filed(3)).isEqualTo(filed);
    assertThat(store.expiryIndex().filed(4)).isEmpty();
  }

  @Test
  void sessionsThatComeBackFromABackupAreFiled() {
    List<NewSession> sessions = List.of(create(IDLE, null), create(IDLE, null));
    List<SessionSnapshot> snapshots =
        store.snapshots(sessions.stream().map(NewSession::locator).toList());
    server.flush();
    assertThat(store.restore(snapshots, store.now().plusSeconds(10)))
        .containsOnly(RestorableStore.Restored.BACK);
    sessions.forEach(session -> assertThat(due(session)).isPositive());
  }

  private static void count() {
    monitor.clear();
    proxy.reset();
  }

  private boolean sweep(RedisSessionStore node) {
    return node.expiryIndex()
        .sweep(
            Duration.ZERO,
            locator -> {
              over.add(locator);
              node.destroy(locator);
            });
  }

  private static void sweepAll(RedisSessionStore node, List<String> ended) {
    for (int i = 0; i < 20; i++) {
      node.expiryIndex()
          .sweep(
              Duration.ZERO,
              locator -> {
                if (node.destroy(locator) != null) {
                  ended.add(locator);
                }
              });
    }
  }

  private NewSession create(Duration idle, @Nullable Instant deadline) {
    return create(session(idle, deadline));
  }

  private NewSession create(Duration idle, @Nullable Instant deadline, int shard) {
    NewSession session = session(idle, deadline);
    while (Math.floorMod(session.locator().hashCode(), 16) != shard) {
      session = session(idle, deadline);
    }
    return create(session);
  }

  private static NewSession create(NewSession session) {
    assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
    return session;
  }

  /** A session whose time is over, and whose entry is due. */
  private NewSession expired() {
    return expire(create(IDLE, null));
  }

  private NewSession expired(int shard) {
    return expire(create(IDLE, null, shard));
  }

  private List<NewSession> expired(int count, int shard) {
    return Stream.generate(() -> expired(shard)).limit(count).toList();
  }

  private static NewSession expire(NewSession session) {
    server.command(
        "EVAL",
        """
        local at = string.format('%.0f', redis.call('TIME')[1] * 1000 + 200000)
        local times = redis.call('HGET', KEYS[1], 'm:x')
        redis.call('HSET', KEYS[1], 'm:x', (string.gsub(times, '^%d+', at)))
        return redis.call('PEXPIREAT', KEYS[1], at)
        """,
        1,
        "holdfast:shop:{" + session.locator() + "}");
    makeDue(session);
    return session;
  }

  private static void makeDue(NewSession session) {
    file(session, 1);
  }

  private static void file(NewSession session, double score) {
    server.command("ZADD", shard(session.locator()), (long) score, session.locator());
  }

  private static void forget(NewSession session) {
    server.command("ZREM", shard(session.locator()), session.locator());
  }

  private static double due(NewSession session) {
    Object score = server.command("ZSCORE", shard(session.locator()), session.locator());
    return Double.parseDouble(new String((byte[]) requireNonNull(score), UTF_8));
  }

  private static double fromNow(Duration time) {
    return store.now().plus(time).toEpochMilli();
  }

  private static String shard(String locator) {
    return "holdfast:shop:expiry:{shop-" + Math.floorMod(locator.hashCode(), 16) + "}";
  }

  private static NewSession session(Duration idle, @Nullable Instant deadline) {
    byte[] secretHash = new byte[32];
    RANDOM.nextBytes(secretHash);
    Instant millis = deadline == null ? null : Instant.ofEpochMilli(deadline.toEpochMilli());
    return new NewSession(
        locator(), secretHash, Stamp.first(RANDOM), store.now(), idle, millis, null, Map.of());
  }

  private static String locator() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static SessionChanges changes(NewSession session, @Nullable Duration idle) {
    return new SessionChanges(
        session.locator(),
        0,
        session.stamp(),
        new Stamp(2, RANDOM.nextLong()),
        store.now(),
        idle,
        null,
        null,
        Map.of(),
        Map.of(),
        Set.of());
  }
}
