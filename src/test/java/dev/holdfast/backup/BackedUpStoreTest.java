package dev.holdfast.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.RestorableStore.Restored;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.SessionChanges.Rotation;
import dev.holdfast.store.SessionSnapshot;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that Redis has lost, on a real Redis and a real PostgreSQL. */
class BackedUpStoreTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration IDLE = Duration.ofMinutes(30);
  private static final Duration REMEMBER = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The key that tells whether Redis has lost everything. */
  private static final String WARM = "holdfast:shop:backup";

  private final RunningRedis redis = RedisServer.shared();
  private final Postgres database = Postgres.database();
  private final CountingProxy line = new CountingProxy(database.port());
  private final List<BackupNode> nodes = new ArrayList<>();
  private final byte[] secret = bytes(32);

  @BeforeEach
  void empty() {
    redis.flush();
  }

  @AfterEach
  void close() {
    line.resume();
    nodes.forEach(BackupNode::close);
    line.close();
  }

  // == What comes back ==

  @Test
  void aSessionThatRedisLostIsBackForTheRequestThatNeedsIt() {
    BackupNode node = node();
    String locator = created(node, IDLE);
    node.save(locator, 0, "color", "red");
    awaitCopied(node, locator, "color");
    StoredSession before = requireNonNull(node.store.load(locator, null));
    loseEverythingButTheKeyThatTells();

    StoredSession after = requireNonNull(node.store.load(locator, null));

    assertThat(after).usingRecursiveComparison().ignoringFields("state.now").isEqualTo(before);
    assertThat(redis.keys()).contains(key(locator));
    assertThat(pttl(locator)).isBetween(1L, IDLE.plusMinutes(6).toMillis());
    assertThat(node.counts).containsEntry(Counter.RESTORED, 1);
    loseEverythingButTheKeyThatTells();
    assertThat(node.store.check(locator, secret)).isNotNull();
    loseEverythingButTheKeyThatTells();
    assertThat(node.save(locator, 0, "size", "7")).isEqualTo(Result.SAVED);
    assertThat(attributes(node, locator)).containsOnlyKeys("color", "size");
  }

  @Test
  void whenRedisHasLostEverythingOneNodePutsAllBack() {
    BackupNode one = node("backup.batch", "10");
    List<String> locators = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      locators.add(created(one, i == 0 ? Duration.ZERO : IDLE));
    }
    awaitCount(45);
    BackupNode two = node("backup.batch", "10");

    redis.flush();

    await()
        .atMost(PATIENCE)
        .until(
            () -> redis.keys().containsAll(locators.stream().map(BackedUpStoreTest::key).toList()));
    assertThat(one.lookups.get() + two.lookups.get()).isZero();
    for (String locator : locators) {
      assertThat(pttl(locator)).isPositive();
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(redis.hash(WARM)).containsOnlyKeys("done"));
  }

  @Test
  void whatIsAskedForBringsBackOnlyWhatIsMissing() {
    BackupNode node = node();
    String lost = created(node, IDLE);
    String kept = created(node, IDLE);
    awaitCount(2);
    node.save(kept, 0, "color", "new");
    redis.command("DEL", key(lost));

    assertThat(node.store.restoreAll()).isEqualTo(1);

    assertThat(attributes(node, kept)).containsOnlyKeys("color");
    assertThat(redis.keys()).contains(key(lost));
    assertThat(node.store.restoreAll()).isZero();
  }

  @Test
  void howMuchIsLostIsWhatTheLastRoundHasNotSeen() {
    BackupNode node =
        started(BackupNode.startEvery(redis.uri(), database.url(), null, "backup.interval", "1s"));
    String locator = created(node, IDLE);
    awaitCount(1);
    int last = 0;
    List<Long> written = new ArrayList<>();
    long end = System.nanoTime() + Duration.ofMillis(1_800).toNanos();
    while (System.nanoTime() < end) {
      assertThat(node.save(locator, 0, "count", "" + ++last)).isEqualTo(Result.SAVED);
      written.add(System.nanoTime());
    }
    redis.flush();
    long flushed = System.nanoTime();

    StoredSession back =
        await()
            .atMost(PATIENCE)
            .until(() -> node.store.load(locator, null), found -> found != null);

    int count = Integer.parseInt(text(back, "count"));
    double seconds = (flushed - written.get(count - 1)) / 1e9;
    System.out.printf(
        "FLUSHALL with backup.interval=1s: %d of %d writes to one session are back, the last %.2f s"
            + " are lost%n",
        count, last, seconds);
    FaultMatrix.record(
        "FLUSHALL with a backup",
        "BackedUpStoreTest",
        "backup.interval=1s: %d of %d writes to one session are back, those of the last %.2f s are lost"
            .formatted(count, last, seconds));
    assertThat(seconds).isLessThan(4);
  }

  @Test
  void aSessionThatIsOnlyReadLivesAsLongInTheBackup() {
    BackupNode node = node();
    String locator = created(node, IDLE);
    awaitCount(1);
    long first = deadline(locator);

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              requireNonNull(node.store.check(locator, secret));
              return deadline(locator) > first + 100;
            });

    int copies = node.copies.get();
    long now = deadline(locator);
    node.store.touch(locator, secret).toCompletableFuture().join();
    await().atMost(PATIENCE).until(() -> deadline(locator) > now);
    assertThat(node.copies).as("no copy is written anew").hasValue(copies);
  }

  @Test
  void whatANodeHadNotWrittenWhenItDiedIsWrittenByTheNextThatReadsIt() {
    BackupNode dies = node();
    String locator = created(dies, IDLE);
    awaitCount(1);
    dies.save(locator, 0, "color", "red");
    dies.dieWithoutALastRound();
    nodes.remove(dies);
    BackupNode reads = node();

    requireNonNull(reads.store.check(locator, secret));

    awaitCopied(reads, locator, "color");
  }

  @Test
  void aNodeThatIsStoppedWritesALastRound() {
    BackupNode node = quietNode();
    created(node, IDLE);

    node.close();
    nodes.remove(node);

    assertThat(count()).isEqualTo(1);
  }

  // == What never comes back ==

  @Test
  void aLogoutIsNotUndone() {
    BackupNode node = node();
    String copied = created(node, IDLE);
    awaitCount(1);
    String never = created(node, IDLE);

    for (String locator : List.of(copied, never)) {
      assertThat(node.store.destroy(locator)).isNotNull();
    }
    redis.flush();

    for (String locator : List.of(copied, never)) {
      assertThat(node.store.load(locator, null)).isNull();
      assertThat(node.save(locator, 0, "color", "red")).isEqualTo(Result.GONE);
    }
    await().atMost(PATIENCE).until(() -> redis.keys().equals(List.of(WARM)));
    assertThat(node.store.restoreAll()).isZero();
  }

  @Test
  void aLoginIsNotUndone() {
    BackupNode node = quietNode();
    String locator = created(node, IDLE);
    awaitClosedAndCopied(node, locator);
    BackupNode other = quietNode();
    byte[] next = bytes(32);
    assertThat(rotate(other, locator, 0, secret, next)).isEqualTo(Result.SAVED);

    redis.flush();

    StoredSession back = loadEventually(other, locator);
    assertThat(back.state().secretHash()).isEqualTo(next);
    assertThat(back.state().epoch()).isEqualTo(1);
    assertThat(requireNonNull(back.state().previousSecret()).opens()).isFalse();
    assertThat(back.principal()).isEqualTo("ada".getBytes(UTF_8));
  }

  @Test
  void aRenewedIdIsNotUndone() {
    BackupNode node = quietNode();
    String locator = created(node, IDLE);
    byte[] next = bytes(32);

    assertThat(node.rotate(locator, 0, new Rotation(secret, next, REMEMBER, true)))
        .isEqualTo(Result.SAVED);
    redis.flush();

    SessionState state = loadEventually(node, locator).state();
    assertThat(state.secretHash()).isEqualTo(next);
    assertThat(state.epoch()).isZero();
    assertThat(requireNonNull(state.previousSecret()).opens()).isTrue();
  }

  @Test
  void aLogoutThatKeepsTheSessionAndAShorterTimeAreNotUndone() {
    BackupNode node = quietNode();
    String locator = created(node, IDLE);
    assertThat(rotate(node, locator, 0, secret, secret)).isEqualTo(Result.SAVED);
    assertThat(node.store.save(changes(node, locator, 1, new byte[0], null)).result())
        .isEqualTo(Result.SAVED);
    assertThat(node.store.save(changes(node, locator, 1, null, Duration.ofMinutes(1))).result())
        .isEqualTo(Result.SAVED);

    redis.flush();

    StoredSession back = loadEventually(node, locator);
    assertThat(back.principal()).isNull();
    assertThat(back.state().maxInactiveInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(pttl(locator)).isLessThan(Duration.ofMinutes(7).toMillis());
  }

  @Test
  void whoReadTheCopyBeforeTheLogoutCannotPutItBackAfter() {
    BackupNode node = node();
    String locator = created(node, IDLE);
    awaitCount(1);
    SessionSnapshot read = requireNonNull(node.database.find(locator));

    node.store.destroy(locator);

    Instant notAfter = node.redis.now().plusSeconds(10);
    assertThat(node.redis.restore(List.of(read), notAfter)).containsExactly(Restored.ENDED);
    assertThat(redis.keys()).doesNotContain(key(locator));
    assertThat(ttlOfTheMark(locator)).isBetween(50_000L, 60_000L);
  }

  /**
   * Redis has just been emptied, and another node has read the copy and is about to put it back.
   */
  @Test
  void aSessionThatIsEndedWhileItComesBackStaysAway() {
    BackupNode node = node();
    String locator = created(node, IDLE);
    String logout = created(node, IDLE);
    awaitCount(2);
    SessionSnapshot read = requireNonNull(node.database.find(locator));
    SessionSnapshot another = requireNonNull(node.database.find(logout));
    redis.command("DEL", key(locator), key(logout));

    assertThat(node.store.lapse(locator)).isFalse();
    node.redis.destroy(logout, null);
    assertThat(node.store.lapse(logout)).isFalse();

    Instant notAfter = node.redis.now().plusSeconds(10);
    assertThat(node.redis.restore(List.of(read, another), notAfter)).containsOnly(Restored.ENDED);
    assertThat(ttlOfTheMark(locator)).isBetween(50_000L, 60_000L);
    assertThat(ttlOfTheMark(logout)).as("no shorter than it was").isGreaterThan(IDLE.toMillis());
  }

  @Test
  void theEndOfASessionIsRecordedForAsLongAsItCouldHaveLived() {
    BackupNode node = quietNode();
    Duration days = Duration.ofDays(3);
    String locator = created(node, days);

    assertThat(node.store.lapse(locator)).isTrue();

    assertThat(ended(locator)).isEqualTo(1);
    assertThat(deadline(locator)).isGreaterThan(node.store.now().plus(days).toEpochMilli());
  }

  @Test
  void whoHasRecordedAnEndThatRedisRefusesIsToldToRepeatIt() {
    BackupNode node = node();
    String locator = created(node, IDLE);
    awaitCount(1);
    redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
    try {
      assertThatExceptionOfType(SessionStoreUnavailableException.class)
          .isThrownBy(() -> node.store.lapse(locator))
          .withMessageContaining("is recorded in the backup")
          .withMessageContaining("repeat the command")
          .withMessageContaining("NOREPLICAS");
    } finally {
      redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
    }
    assertThat(ended(locator)).isEqualTo(1);
    assertThat(requireNonNull(node.store.check(locator, null)).expired()).isFalse();
    assertThat(node.store.lapse(locator)).isTrue();
  }

  @Test
  void aSessionWhoseEndCannotBeRecordedLivesAndIsCopiedAsBefore() {
    BackupNode node = nodeOverTheLine("backup.timeout", "200ms");
    String locator = created(node, IDLE);
    awaitCount(1);
    line.refuse(true);
    line.disconnect();

    assertThatExceptionOfType(SessionStoreUnavailableException.class)
        .isThrownBy(() -> node.store.lapse(locator))
        .withMessageContaining("was not ended");

    line.refuse(false);
    node.save(locator, 0, "color", "red");
    awaitCopied(node, locator, "color");
    assertThat(ended(locator)).isZero();
  }

  @Test
  void aSessionWhoseTimeIsOverStaysAway() throws Exception {
    BackupNode node = node();
    String idle = created(node, Duration.ofSeconds(1));
    NewSession session = session(node, IDLE, node.store.now().plusMillis(1_500));
    assertThat(node.store.create(session).result()).isEqualTo(Result.SAVED);
    String absolute = session.locator();
    node.database.keep(node.redis.snapshots(List.of(idle, absolute)));
    assertThat(count()).isEqualTo(2);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                requireNonNull(node.store.check(idle, null)).expired()
                    && requireNonNull(node.store.check(absolute, null)).expired());

    redis.flush();

    assertThat(node.store.load(idle, null)).isNull();
    assertThat(node.store.load(absolute, null)).isNull();
    assertThat(node.store.restoreAll()).isZero();
  }

  @Test
  void aCopyThatComesTooLateOrNeverWasOneChangesNothing() {
    BackupNode node = node();
    String locator = created(node, IDLE);
    awaitCount(1);
    SessionSnapshot copy = requireNonNull(node.database.find(locator));
    SessionSnapshot broken =
        new SessionSnapshot(
            locator, 0, 1, copy.stamp(), copy.deadline(), copy.accessed(), new byte[] {9, 9});
    Instant now = node.redis.now();

    assertThat(node.redis.restore(List.of(copy), now.plusSeconds(9)))
        .containsExactly(Restored.PRESENT);
    redis.flush();
    assertThat(node.redis.restore(List.of(copy), now.minusSeconds(9)))
        .containsExactly(Restored.LATE);
    assertThat(node.redis.restore(List.of(broken, copy), now.plusSeconds(9)))
        .containsExactly(Restored.UNREADABLE, Restored.BACK);
  }

  @Test
  void noCopyOutlivesWhatItsSessionMay() {
    BackupNode node = node();
    String locator = created(node, IDLE);
    awaitCount(1);
    SessionSnapshot copy = requireNonNull(node.database.find(locator));
    SessionSnapshot forged =
        new SessionSnapshot(
            locator,
            0,
            copy.taken(),
            copy.stamp(),
            copy.deadline().plus(Duration.ofDays(3_000)),
            copy.accessed(),
            copy.fields());
    redis.command("DEL", key(locator));

    assertThat(node.redis.restore(List.of(forged), node.redis.now().plusSeconds(9)))
        .containsExactly(Restored.BACK);

    assertThat(pttl(locator)).isBetween(1L, IDLE.plusMinutes(8).plusSeconds(1).toMillis());
    SessionState state = requireNonNull(node.store.check(locator, null));
    assertThat(state.expired()).isFalse();
    assertThat(Duration.between(state.now(), node.redis.now()).abs())
        .isLessThan(Duration.ofSeconds(2));
  }

  // == The database is down, or slow, or asked too much ==

  @Test
  void aLogoutWhileTheDatabaseIsDownIsRecordedWhenItIsBack() {
    BackupNode node = nodeOverTheLine("backup.timeout", "200ms");
    String locator = created(node, IDLE);
    String login = created(node, IDLE);
    awaitCount(2);
    line.refuse(true);
    line.disconnect();

    assertThat(node.store.destroy(locator)).isNotNull();
    assertThat(rotate(node, login, 0, secret, bytes(32))).isEqualTo(Result.SAVED);

    assertThat(requireNonNull(node.counts.get(Counter.BACKUP_FAILED))).isPositive();
    assertThat(ttlOfTheMark(locator))
        .as("while Redis keeps its data nothing brings the session back")
        .isGreaterThan(IDLE.toMillis());
    assertThat(node.store.load(locator, null)).isNull();
    line.refuse(false);
    await().atMost(PATIENCE).until(() -> ended(locator) == 1 && epoch(login) == 1);
    redis.flush();
    assertThat(lookedUp(node, login)).isNotNull();
    assertThat(lookedUp(node, locator)).isNull();
  }

  /** After a failure, or an answer that was late, nobody is looked up for a moment: a 503 here. */
  private static @Nullable StoredSession lookedUp(BackupNode node, String locator) {
    AtomicReference<@Nullable StoredSession> found = new AtomicReference<>();
    await()
        .atMost(PATIENCE)
        .ignoreException(SessionStoreUnavailableException.class)
        .untilAsserted(() -> found.set(node.store.load(locator, null)));
    return found.get();
  }

  @Test
  void aSlowDatabaseCostsARequestItsBudgetAtMost() throws Exception {
    BackupNode node = nodeOverTheLine("backup.timeout", "300ms");
    String locator = created(node, IDLE);
    String other = created(node, IDLE);
    awaitCount(2);
    line.pause();

    long worst = 0;
    for (int i = 0; i < 200; i++) {
      long start = System.nanoTime();
      node.save(locator, 0, "count", "" + i);
      requireNonNull(node.store.check(locator, secret));
      String created = created(node, IDLE);
      requireNonNull(node.store.load(created, null));
      worst = Math.max(worst, System.nanoTime() - start);
    }
    long start = System.nanoTime();
    assertThat(node.store.destroy(other)).isNotNull();
    long logout = System.nanoTime() - start;
    start = System.nanoTime();
    assertThat(rotate(node, locator, 0, secret, secret)).isEqualTo(Result.SAVED);
    long next = System.nanoTime() - start;

    System.out.printf(
        "Database hangs: worst of 200 requests %d ms, logout %d ms, the login after it %d ms%n",
        worst / 1_000_000, logout / 1_000_000, next / 1_000_000);
    assertThat(Duration.ofNanos(logout)).isBetween(Duration.ofMillis(290), Duration.ofSeconds(2));
    assertThat(Duration.ofNanos(next)).as("nobody waits again").isLessThan(Duration.ofMillis(250));
    line.resume();
    await().atMost(PATIENCE).until(() -> ended(other) == 1 && count() > 200);
  }

  @Test
  void aFloodOfUnknownIdsDoesNotReachTheDatabase() {
    BackupNode node = node("backup.lookups", "5");
    long start = System.nanoTime();
    String again = locator();
    for (int i = 0; i < 300; i++) {
      assertThat(node.store.load(i % 2 == 0 ? again : locator(), null)).isNull();
    }
    double seconds = (System.nanoTime() - start) / 1e9;

    assertThat(node.lookups.get()).isBetween(1, (int) (5 + 5 * seconds) + 1);
    assertThat(node.counts).containsKey(Counter.LOOKUP_REFUSED);
    assertThat(requireNonNull(node.store.load(created(node, IDLE), null))).isNotNull();
  }

  @Test
  void whenRedisHasLostSessionsWhoCannotBeLookedUpIsNotSentAway() {
    BackupNode node = nodeOverTheLine("backup.timeout", "200ms");
    String locator = created(node, IDLE);
    String another = created(node, IDLE);
    awaitCount(2);
    line.refuse(true);
    line.disconnect();
    assertThat(node.store.load(locator(), null)).as("no sign of a loss").isNull();
    redis.command("DEL", key(locator));
    line.refuse(false);
    await().atMost(PATIENCE).until(() -> node.store.load(locator, null) != null);
    redis.command("DEL", key(another));
    line.refuse(true);
    line.disconnect();

    assertThatExceptionOfType(SessionStoreUnavailableException.class)
        .isThrownBy(() -> node.store.load(another, null))
        .withMessageContaining("Redis has lost sessions");

    line.refuse(false);
    await()
        .atMost(PATIENCE)
        .ignoreException(SessionStoreUnavailableException.class)
        .until(() -> node.store.load(another, null) != null);
  }

  @Test
  void manyRequestsOfOneLostSessionShareOneLookup() {
    BackupNode node = nodeOverTheLine();
    String locator = created(node, IDLE);
    awaitCount(1);
    redis.command("DEL", key(locator));
    line.pause();

    List<CompletableFuture<@Nullable StoredSession>> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      requests.add(CompletableFuture.supplyAsync(() -> node.store.load(locator, null)));
    }
    await().atMost(PATIENCE).until(() -> node.lookups.get() > 0);
    line.resume();

    requests.forEach(request -> assertThat(request.join()).isNotNull());
    assertThat(node.lookups.get()).isLessThan(8);
  }

  // == Steps ==

  /** BackupThread all the time. */
  private BackupNode node(String... more) {
    return started(BackupNode.start(redis.uri(), database.url(), more));
  }

  private BackupNode nodeOverTheLine(String... more) {
    return started(BackupNode.start(redis.uri(), database.url(line.port()), more));
  }

  /** A node that makes no round but the last. */
  private BackupNode quietNode() {
    return started(BackupNode.startEvery(redis.uri(), database.url(), Duration.ofHours(1)));
  }

  private BackupNode started(BackupNode node) {
    nodes.add(node);
    await().atMost(PATIENCE).until(() -> redis.keys().contains(WARM));
    await().atMost(PATIENCE).until(() -> redis.hash(WARM).containsKey("done"));
    return node;
  }

  private String created(BackupNode node, Duration idle) {
    NewSession session = session(node, idle, null);
    assertThat(node.store.create(session).result()).isEqualTo(Result.SAVED);
    return session.locator();
  }

  private NewSession session(BackupNode node, Duration idle, @Nullable Instant absolute) {
    SessionStore store = node.store;
    store.ensureAvailable();
    return new NewSession(
        locator(), secret, Stamp.first(RANDOM), store.now(), idle, absolute, null, Map.of());
  }

  private Result rotate(BackupNode node, String locator, long epoch, byte[] old, byte[] next) {
    return node.rotate(locator, epoch, new Rotation(old, next, REMEMBER));
  }

  private SessionChanges changes(
      BackupNode node,
      String locator,
      long epoch,
      byte @Nullable [] principal,
      @Nullable Duration idle) {
    return new SessionChanges(
        locator,
        epoch,
        Stamp.first(RANDOM),
        Stamp.first(RANDOM),
        node.store.now(),
        idle,
        principal,
        null,
        Map.of(),
        Map.of(),
        Set.of());
  }

  /** One shard of several, say. */
  private void loseEverythingButTheKeyThatTells() {
    redis.keys().stream()
        .filter(key -> key.contains("{"))
        .forEach(key -> redis.command("DEL", key));
  }

  private StoredSession loadEventually(BackupNode node, String locator) {
    return requireNonNull(
        await().atMost(PATIENCE).until(() -> node.store.load(locator, null), s -> s != null));
  }

  private Map<String, ?> attributes(BackupNode node, String locator) {
    return requireNonNull(node.store.load(locator, null)).attributes();
  }

  private static String text(StoredSession session, String attribute) {
    return new String(requireNonNull(session.attributes().get(attribute)).value(), UTF_8);
  }

  private void awaitCopied(BackupNode node, String locator, String attribute) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              SessionSnapshot copy = node.database.find(locator);
              return copy != null && new String(copy.fields(), UTF_8).contains("a:" + attribute);
            });
  }

  private void awaitClosedAndCopied(BackupNode node, String locator) {
    node.close();
    nodes.remove(node);
    assertThat(count()).isEqualTo(1);
  }

  private void awaitCount(long rows) {
    await().atMost(PATIENCE).until(() -> count() == rows);
  }

  private long count() {
    return (Long) requireNonNull(database.value("SELECT COUNT(*) FROM holdfast_session"));
  }

  private long deadline(String locator) {
    return number("deadline", locator);
  }

  private long ended(String locator) {
    return number("ended", locator);
  }

  private long epoch(String locator) {
    return number("epoch", locator);
  }

  private long number(String column, String locator) {
    Object value =
        database.value(
            "SELECT " + column + " FROM holdfast_session WHERE locator = '" + locator + "'");
    return ((Number) requireNonNull(value)).longValue();
  }

  private long pttl(String locator) {
    return (Long) requireNonNull(redis.command("PTTL", key(locator)));
  }

  private long ttlOfTheMark(String locator) {
    return (Long) requireNonNull(redis.command("PTTL", key(locator) + ":gone"));
  }

  private static String key(String locator) {
    return "holdfast:shop:{" + locator + "}";
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
