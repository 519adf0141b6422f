package dev.holdfast.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges.ChangedInPlace;
import dev.holdfast.store.SessionChanges.LockCheck;
import dev.holdfast.store.SessionChanges.Rotation;
import dev.holdfast.store.SessionState.PreviousSecret;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every session store does, run against a real one. A store is what passes this. */
public abstract class SessionStoreContract {
  /** {@code touch.interval} of {@link #store()}. */
  protected static final Duration TOUCH_INTERVAL = Duration.ofSeconds(60);

  protected static final Duration IDLE = Duration.ofMinutes(30);
  protected static final SecureRandom RANDOM = new SecureRandom();

  /** The store under test, connected or not. */
  protected abstract SessionStore store();

  /** Another node's view of the same sessions. */
  protected abstract SessionStore otherNode();

  protected final byte[] secretHash = bytes(32);

  @Test
  void aStoredSessionComesBackAsItWas() {
    Instant deadline = millis(store().now().plus(Duration.ofHours(8)));
    Map<String, byte[]> attributes = new HashMap<>();
    attributes.put("user", "ada".getBytes(UTF_8));
    attributes.put("", new byte[0]);
    attributes.put("größe \uD83D\uDE00 \u0000", bytes(300));
    attributes.put("lone \uD83D surrogate \uDE00", bytes(10));
    attributes.put("r:user", bytes(3));
    attributes.put("m:h", bytes(4));
    attributes.put("n".repeat(65_536), bytes(70_000));
    NewSession session = session(IDLE, deadline, "principal".getBytes(UTF_8), attributes);

    SaveOutcome outcome = store().create(session);

    assertThat(outcome.result()).isEqualTo(Result.SAVED);
    StoredSession stored = load(session.locator());
    SessionState state = stored.state();
    assertThat(state.secretHash()).isEqualTo(secretHash);
    assertThat(state.previousSecret()).isNull();
    assertThat(state.epoch()).isZero();
    assertThat(state.stamp()).isEqualTo(session.stamp());
    assertThat(state.lastAccessedTime()).isEqualTo(session.creationTime());
    assertThat(state.maxInactiveInterval()).isEqualTo(IDLE);
    assertThat(state.absoluteDeadline()).isEqualTo(deadline);
    assertThat(state.expired()).isFalse();
    assertThat(Duration.between(outcome.now(), state.now()).abs())
        .isLessThan(Duration.ofSeconds(5));
    assertThat(stored.creationTime()).isEqualTo(session.creationTime());
    assertThat(stored.principal()).isEqualTo("principal".getBytes(UTF_8));
    assertThat(stored.attributes()).containsOnlyKeys(attributes.keySet());
    attributes.forEach(
        (name, value) -> {
          StoredAttribute attribute = requireNonNull(stored.attributes().get(name));
          assertThat(attribute.value()).isEqualTo(value);
          assertThat(attribute.written()).isEqualTo(session.stamp());
        });
  }

  @Test
  void aSessionThatWasNeverStoredIsAbsentForEveryMethod() throws Exception {
    String locator = locator();
    assertThat(store().load(locator, secretHash)).isNull();
    assertThat(store().check(locator, secretHash)).isNull();
    assertThat(touch(locator, secretHash)).isEmpty();
    assertThat(store().destroy(locator)).isNull();
    assertThat(store().save(new Changes(locator).build()).result()).isEqualTo(Result.GONE);
    assertThat(store().load(locator, null)).isNull();
  }

  @Test
  void checkTellsWhatLoadTells() {
    NewSession session = created(IDLE);
    SessionState checked = requireNonNull(otherNode().check(session.locator(), null));
    SessionState loaded = load(session.locator()).state();
    assertThat(checked).usingRecursiveComparison().ignoringFields("now").isEqualTo(loaded);
  }

  @Test
  void aLapsedSessionIsOverForEverybodyAndStillWholeForWhoTakesItOut() throws Exception {
    NewSession session = created(IDLE, Map.of("a", bytes(3)));

    assertThat(store().lapse(session.locator())).isTrue();

    assertThat(requireNonNull(otherNode().check(session.locator(), secretHash)).expired()).isTrue();
    assertThat(touch(session.locator(), secretHash)).isEmpty();
    assertThat(store().save(new Changes(session).write("a", bytes(1)).build()).result())
        .isEqualTo(Result.GONE);
    assertThat(otherNode().lapse(session.locator())).isFalse();
    StoredSession last = requireNonNull(otherNode().expire(session.locator()));
    assertThat(last.state().expired()).isTrue();
    assertThat(last.attributes()).containsOnlyKeys("a");
    assertThat(store().lapse(session.locator())).isFalse();
  }

  @Test
  void aTakenLocatorIsRefusedAndARepeatedCreateIsNot() {
    NewSession session = created(IDLE);
    assertThat(store().create(session).result()).isEqualTo(Result.SAVED);
    NewSession intruder =
        new NewSession(
            session.locator(), bytes(32), stamp(), store().now(), IDLE, null, null, Map.of());
    assertThat(store().create(intruder).result()).isEqualTo(Result.GONE);
    assertThat(load(session.locator()).state().secretHash()).isEqualTo(secretHash);
  }

  @Test
  void aSaveWritesRemovesAndTellsWhatItFound() {
    NewSession session = created(IDLE, Map.of("a", bytes(1), "b", bytes(1), "c", bytes(1)));
    Stamp second = stamp();
    SaveOutcome outcome =
        store()
            .save(
                new Changes(session)
                    .stamp(second)
                    .write("b", "B".getBytes(UTF_8))
                    .write("d", "D".getBytes(UTF_8))
                    .remove("c")
                    .remove("never there")
                    .principal("ada".getBytes(UTF_8))
                    .maxInactive(Duration.ofMinutes(5))
                    .build());
    assertThat(outcome.result()).isEqualTo(Result.SAVED);
    assertThat(outcome.previous()).isEqualTo(session.stamp());
    assertThat(outcome.lost()).isEmpty();
    StoredSession stored = load(session.locator());
    assertThat(stored.attributes()).containsOnlyKeys("a", "b", "d");
    assertThat(attribute(stored, "a").written()).isEqualTo(session.stamp());
    assertThat(attribute(stored, "b").written()).isEqualTo(second);
    assertThat(attribute(stored, "b").value()).isEqualTo("B".getBytes(UTF_8));
    assertThat(attribute(stored, "d").written()).isEqualTo(second);
    assertThat(stored.principal()).isEqualTo("ada".getBytes(UTF_8));
    assertThat(stored.state().maxInactiveInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(stored.state().stamp()).isEqualTo(second);

    SaveOutcome third =
        store().save(new Changes(session).stamp(stamp()).principal(new byte[0]).build());
    assertThat(third.previous()).isEqualTo(second);
    stored = load(session.locator());
    assertThat(stored.principal()).isNull();
    assertThat(attribute(stored, "a").written()).isEqualTo(session.stamp());
  }

  @Test
  void thousandsOfAttributesAreSavedAtOnce() {
    NewSession session = created(IDLE);
    Changes changes = new Changes(session);
    Map<String, byte[]> expected = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      byte[] value = bytes(20);
      expected.put("attribute " + i, value);
      changes.write("attribute " + i, value);
    }
    assertThat(store().save(changes.build()).result()).isEqualTo(Result.SAVED);
    assertThat(load(session.locator()).attributes()).containsOnlyKeys(expected.keySet());
    Changes removal = new Changes(session);
    expected.keySet().forEach(removal::remove);
    assertThat(store().save(removal.build()).result()).isEqualTo(Result.SAVED);
    assertThat(load(session.locator()).attributes()).isEmpty();
  }

  @Test
  void aSaveThatComesTwiceIsAnsweredAsSavedAndDoneOnce() {
    NewSession session = created(IDLE);
    SessionChanges changes =
        new Changes(session).write("a", bytes(1)).rotate(secretHash, bytes(32)).build();
    assertThat(store().save(changes).result()).isEqualTo(Result.SAVED);
    assertThat(store().save(changes).result()).isEqualTo(Result.SAVED);
    assertThat(load(session.locator()).state().epoch()).isEqualTo(1);
  }

  @Test
  void aChangeInPlaceIsWrittenOnlyOverTheValueItWasMadeTo() {
    NewSession session =
        created(IDLE, Map.of("mine", bytes(1), "theirs", bytes(1), "removed", bytes(1)));
    Stamp theirs = stamp();
    assertThat(
            otherNode()
                .save(
                    new Changes(session)
                        .stamp(theirs)
                        .write("theirs", "T".getBytes(UTF_8))
                        .remove("removed")
                        .build())
                .result())
        .isEqualTo(Result.SAVED);

    SaveOutcome outcome =
        store()
            .save(
                new Changes(session)
                    .change("mine", session.stamp(), "M".getBytes(UTF_8))
                    .change("theirs", session.stamp(), "lost".getBytes(UTF_8))
                    .change("removed", session.stamp(), "lost".getBytes(UTF_8))
                    .build());

    assertThat(outcome.result()).isEqualTo(Result.SAVED);
    assertThat(outcome.previous()).isEqualTo(theirs);
    assertThat(outcome.lost()).containsExactlyInAnyOrder("theirs", "removed");
    StoredSession stored = load(session.locator());
    assertThat(stored.attributes()).containsOnlyKeys("mine", "theirs");
    assertThat(attribute(stored, "mine").value()).isEqualTo("M".getBytes(UTF_8));
    assertThat(attribute(stored, "theirs").value()).isEqualTo("T".getBytes(UTF_8));
    SaveOutcome again =
        store()
            .save(
                new Changes(session).change("theirs", theirs, "mine now".getBytes(UTF_8)).build());
    assertThat(again.lost()).isEmpty();
  }

  @Test
  void aRotationReplacesTheSecretAndRemembersTheDeadOne() {
    NewSession session = created(IDLE);
    byte[] next = bytes(32);
    SaveOutcome outcome = store().save(new Changes(session).rotate(secretHash, next).build());
    assertThat(outcome.result()).isEqualTo(Result.SAVED);
    SessionState state = requireNonNull(store().check(session.locator(), null));
    assertThat(state.secretHash()).isEqualTo(next);
    assertThat(state.epoch()).isEqualTo(1);
    PreviousSecret previous = requireNonNull(state.previousSecret());
    assertThat(previous.hash()).isEqualTo(secretHash);
    assertThat(previous.opens()).isFalse();
    assertThat(previous.until()).isEqualTo(outcome.now().plusSeconds(30));
  }

  @Test
  void aRememberedSecretIsForgottenByTheFirstSaveAfterItsTime() {
    NewSession session = created(IDLE);
    Rotation rotation = new Rotation(secretHash, bytes(32), Duration.ofMillis(1));
    Changes changes = new Changes(session);
    changes.rotation = rotation;
    Instant rotated = store().save(changes.build()).now();
    await().until(() -> store().now().isAfter(rotated.plusMillis(20)));
    assertThat(store().save(new Changes(session).epoch(1).build()).result())
        .isEqualTo(Result.SAVED);
    assertThat(requireNonNull(store().check(session.locator(), null)).previousSecret()).isNull();
  }

  @Test
  void aWriterOfAnOlderEpochIsFenced() {
    NewSession session = created(IDLE);
    store().save(new Changes(session).rotate(secretHash, bytes(32)).build());
    SaveOutcome outcome = otherNode().save(new Changes(session).write("a", bytes(1)).build());
    assertThat(outcome.result()).isEqualTo(Result.FENCED);
    assertThat(outcome.previous()).isNull();
    assertThat(load(session.locator()).attributes()).isEmpty();
  }

  @Test
  void oneOfTwoConcurrentRotationsWins() throws Exception {
    for (int round = 0; round < 20; round++) {
      NewSession session = created(IDLE);
      byte[] one = bytes(32);
      byte[] two = bytes(32);
      List<SaveOutcome> outcomes =
          atOnce(
              () -> store().save(new Changes(session).rotate(secretHash, one).build()),
              () -> otherNode().save(new Changes(session).rotate(secretHash, two).build()));
      assertThat(outcomes)
          .extracting(SaveOutcome::result)
          .containsExactlyInAnyOrder(Result.SAVED, Result.FENCED);
      boolean first = outcomes.get(0).result() == Result.SAVED;
      assertThat(load(session.locator()).state().secretHash()).isEqualTo(first ? one : two);
    }
  }

  @Test
  void aRenewalLeavesTheEpochAndTheOldSecretGoodForAWhile() throws Exception {
    NewSession session = created(IDLE);
    assertThat(load(session.locator()).secretTime()).isEqualTo(session.creationTime());
    byte[] next = bytes(32);
    SaveOutcome outcome =
        store().save(new Changes(session).renew(secretHash, next).write("a", bytes(1)).build());
    assertThat(outcome.result()).isEqualTo(Result.SAVED);
    assertThat(outcome.renewed()).isTrue();
    StoredSession stored = load(session.locator());
    assertThat(stored.state().secretHash()).isEqualTo(next);
    assertThat(stored.state().epoch()).isZero();
    assertThat(stored.secretTime()).isEqualTo(outcome.now());
    PreviousSecret previous = requireNonNull(stored.state().previousSecret());
    assertThat(previous.hash()).isEqualTo(secretHash);
    assertThat(previous.opens()).isTrue();
    assertThat(previous.until()).isEqualTo(outcome.now().plusSeconds(30));
    assertThat(touch(session.locator(), secretHash)).isPresent();
    assertThat(touch(session.locator(), bytes(32))).isEmpty();
  }

  @Test
  void oneOfTwoConcurrentRenewalsWinsAndBothSave() throws Exception {
    NewSession session = created(IDLE);
    byte[] one = bytes(32);
    byte[] two = bytes(32);
    SessionChanges second =
        new Changes(session).renew(secretHash, two).write("b", bytes(1)).build();
    List<SaveOutcome> outcomes =
        atOnce(
            () ->
                store()
                    .save(new Changes(session).renew(secretHash, one).write("a", bytes(1)).build()),
            () -> otherNode().save(second));
    assertThat(outcomes).extracting(SaveOutcome::result).containsOnly(Result.SAVED);
    assertThat(outcomes).extracting(SaveOutcome::renewed).containsExactlyInAnyOrder(true, false);
    boolean first = outcomes.get(0).renewed();
    StoredSession stored = load(session.locator());
    assertThat(stored.state().secretHash()).isEqualTo(first ? one : two);
    assertThat(stored.attributes()).containsOnlyKeys("a", "b");
    if (stored.state().stamp().equals(second.stamp())) {
      assertThat(store().save(second).renewed()).as("repeated").isEqualTo(!first);
    }
  }

  @Test
  void aSaveThatIsNoAccessLeavesTheDeadlineWhereItIs() throws Exception {
    NewSession session = created(Duration.ofSeconds(2));
    SessionState before = load(session.locator()).state();
    await().until(() -> store().now().isAfter(session.creationTime().plusMillis(300)));
    Changes changes = new Changes(session).write("a", bytes(1));
    changes.accessed = null;
    assertThat(store().save(changes.build()).result()).isEqualTo(Result.SAVED);
    assertThat(load(session.locator()).state().lastAccessedTime())
        .isEqualTo(before.lastAccessedTime());
    // Two seconds, and a tenth of it for touches.
    await().atMost(Duration.ofMillis(2200)).until(() -> load(session.locator()).state().expired());
  }

  @Test
  void writersOfDifferentAttributesDoNotDisturbEachOther() throws Exception {
    NewSession session = created(IDLE);
    int rounds = 200;
    atOnce(
        () -> {
          for (int i = 0; i < rounds; i++) {
            store().save(new Changes(session).write("a" + i, bytes(10)).build());
          }
          return true;
        },
        () -> {
          for (int i = 0; i < rounds; i++) {
            otherNode().save(new Changes(session).write("b" + i, bytes(10)).build());
          }
          return true;
        });
    assertThat(load(session.locator()).attributes()).hasSize(2 * rounds);
  }

  @Test
  void aRotationOfAnotherThanTheExpectedSecretHasToBeSavedAgain() {
    NewSession session = created(IDLE);
    SaveOutcome outcome = store().save(new Changes(session).rotate(bytes(32), bytes(32)).build());
    assertThat(outcome.result()).isEqualTo(Result.MOVED);
    assertThat(load(session.locator()).state().secretHash()).isEqualTo(secretHash);
  }

  @Test
  void destroyHandsTheSessionToExactlyOneCaller() throws Exception {
    for (int round = 0; round < 20; round++) {
      NewSession session = created(IDLE, Map.of("a", bytes(5)));
      List<Optional<StoredSession>> ended =
          atOnce(
              () -> Optional.ofNullable(store().destroy(session.locator())),
              () -> Optional.ofNullable(otherNode().destroy(session.locator())));
      assertThat(ended.stream().filter(Optional::isPresent)).hasSize(1);
      StoredSession stored = ended.stream().flatMap(Optional::stream).findFirst().orElseThrow();
      assertThat(stored.attributes()).containsOnlyKeys("a");
      assertThat(stored.state().expired()).isFalse();
    }
  }

  @Test
  void nothingBringsADestroyedSessionBack() throws Exception {
    NewSession session = created(IDLE);
    store().destroy(session.locator());
    assertThat(otherNode().save(new Changes(session).write("a", bytes(1)).build()).result())
        .isEqualTo(Result.GONE);
    assertThat(touch(session.locator(), secretHash)).isEmpty();
    assertThat(store().load(session.locator(), secretHash)).isNull();
  }

  @Test
  void aTouchMovesTheLastAccessAndAWrongSecretDoesNot() throws Exception {
    NewSession session = created(IDLE);
    await().until(() -> store().now().isAfter(session.creationTime().plusMillis(5)));
    assertThat(touch(session.locator(), bytes(32))).isEmpty();
    assertThat(load(session.locator()).state().lastAccessedTime())
        .isEqualTo(session.creationTime());
    assertThat(touch(session.locator(), secretHash)).contains(IDLE);
    assertThat(load(session.locator()).state().lastAccessedTime()).isAfter(session.creationTime());
  }

  @Test
  void aSessionInUseIsProlongedWithoutBeingAccessed() throws Exception {
    NewSession session = created(IDLE);
    Instant accessed = load(session.locator()).state().lastAccessedTime();
    await().until(() -> store().now().isAfter(accessed.plusMillis(20)));

    assertThat(prolong(session.locator())).contains(IDLE);

    assertThat(load(session.locator()).state().lastAccessedTime()).isEqualTo(accessed);
  }

  @Test
  void whatHasEndedIsNotProlonged() throws Exception {
    NewSession session = created(IDLE);
    store().destroy(session.locator());
    assertThat(prolong(session.locator())).isEmpty();
    assertThat(store().load(session.locator(), null)).isNull();

    Instant deadline = store().now().plusMillis(50);
    NewSession bounded = session(IDLE, deadline, null, Map.of());
    assertThat(store().create(bounded).result()).isEqualTo(Result.SAVED);
    await().until(() -> store().now().isAfter(deadline.plusMillis(20)));
    assertThat(prolong(bounded.locator())).isEmpty();
  }

  @Test
  void aReadTellsTheStateBeforeItsOwnTouch() {
    NewSession session = created(IDLE);
    await().until(() -> store().now().isAfter(session.creationTime().plusMillis(5)));
    StoredSession loaded = requireNonNull(store().load(session.locator(), secretHash));
    assertThat(loaded.state().lastAccessedTime()).isEqualTo(session.creationTime());
    await()
        .untilAsserted(
            () ->
                assertThat(
                        requireNonNull(store().check(session.locator(), null)).lastAccessedTime())
                    .isAfter(session.creationTime()));
    Instant touched = load(session.locator()).state().lastAccessedTime();
    SessionState checked = requireNonNull(store().check(session.locator(), secretHash));
    assertThat(checked.lastAccessedTime()).isEqualTo(touched);
  }

  @Test
  void theLastAccessNeverDecreases() {
    NewSession session = created(IDLE);
    Instant later = session.creationTime().plusSeconds(10);
    store().save(new Changes(session).accessed(later).build());
    store().save(new Changes(session).accessed(later.minusSeconds(20)).build());
    assertThat(load(session.locator()).state().lastAccessedTime()).isEqualTo(later);
  }

  @Test
  void aSessionPastItsAbsoluteDeadlineIsReadAsExpiredAndTakesNoWrite() throws Exception {
    Instant deadline = millis(store().now().plusMillis(300));
    NewSession session = session(IDLE, deadline, null, Map.of("a", bytes(3)));
    assertThat(store().create(session).result()).isEqualTo(Result.SAVED);
    assertThat(load(session.locator()).state().expired()).isFalse();
    await().until(() -> requireNonNull(store().check(session.locator(), secretHash)).expired());
    assertThat(touch(session.locator(), secretHash)).isEmpty();
    assertThat(store().save(new Changes(session).write("b", bytes(1)).build()).result())
        .isEqualTo(Result.GONE);
    StoredSession stored = load(session.locator());
    assertThat(stored.state().expired()).isTrue();
    assertThat(stored.attributes()).containsOnlyKeys("a");
    assertThat(requireNonNull(store().destroy(session.locator())).state().expired()).isTrue();
  }

  @Test
  void anIdleSessionExpiresAfterItsIntervalAndATenthAndKeepsItsAttributesForAWhile() {
    Duration idle = Duration.ofSeconds(1);
    NewSession session = created(idle, Map.of("a", bytes(3)));
    assertThat(load(session.locator()).state().expired()).isFalse();
    await().until(() -> load(session.locator()).state().expired());
    StoredSession stored = load(session.locator());
    assertThat(Duration.between(session.creationTime(), stored.state().now()))
        .isBetween(Duration.ofMillis(1_099), Duration.ofMillis(2_500));
    assertThat(stored.attributes()).containsOnlyKeys("a");
    assertThat(store().save(new Changes(session).build()).result()).isEqualTo(Result.GONE);
  }

  @Test
  void aSessionThatNeverExpiresSaysSo() throws Exception {
    NewSession session = created(Duration.ofSeconds(-1));
    StoredSession stored = load(session.locator());
    assertThat(stored.state().maxInactiveInterval()).isEqualTo(Duration.ofSeconds(-1));
    assertThat(stored.state().expired()).isFalse();
    assertThat(touch(session.locator(), secretHash)).contains(Duration.ofSeconds(-1));
  }

  // ---- what the tests are made of ----

  protected final StoredSession load(String locator) {
    return requireNonNull(store().load(locator, null), "session");
  }

  protected static StoredAttribute attribute(StoredSession session, String name) {
    return requireNonNull(session.attributes().get(name), name);
  }

  private Optional<Duration> prolong(String locator) throws Exception {
    return store().prolong(locator).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  protected final Optional<Duration> touch(String locator, byte[] secretHash) throws Exception {
    return store().touch(locator, secretHash).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  protected final NewSession created(Duration idle) {
    return created(idle, Map.of());
  }

  protected final NewSession created(Duration idle, Map<String, byte[]> attributes) {
    NewSession session = session(idle, null, null, attributes);
    assertThat(store().create(session).result()).isEqualTo(Result.SAVED);
    return session;
  }

  protected final NewSession session(
      Duration idle,
      @Nullable Instant deadline,
      byte @Nullable [] principal,
      Map<String, byte[]> attributes) {
    store().ensureAvailable();
    return new NewSession(
        locator(),
        secretHash,
        Stamp.first(RANDOM),
        millis(store().now()),
        idle,
        deadline,
        principal,
        attributes);
  }

  protected static Instant millis(Instant instant) {
    return Instant.ofEpochMilli(instant.toEpochMilli());
  }

  protected static String locator() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(16));
  }

  protected static Stamp stamp() {
    return new Stamp(2, RANDOM.nextLong());
  }

  protected static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @SafeVarargs
  protected static <T> List<T> atOnce(Callable<T>... calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.length);
    CyclicBarrier start = new CyclicBarrier(calls.length);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> call : calls) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(30, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Changes in the making. */
  protected final class Changes {
    private final String locator;
    private long epoch;
    private Stamp stamp = SessionStoreContract.stamp();
    private @Nullable Instant accessed = store().now();
    private @Nullable Duration maxInactive;
    private byte @Nullable [] principal;
    private @Nullable Rotation rotation;
    private final Map<String, byte[]> written = new HashMap<>();
    private final Map<String, ChangedInPlace> changed = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private @Nullable LockCheck lock;

    public Changes(NewSession session) {
      this(session.locator());
    }

    public Changes(String locator) {
      this.locator = locator;
    }

    public Changes epoch(long epoch) {
      this.epoch = epoch;
      return this;
    }

    public Changes stamp(Stamp stamp) {
      this.stamp = stamp;
      return this;
    }

    public Changes accessed(Instant accessed) {
      this.accessed = accessed;
      return this;
    }

    public Changes maxInactive(Duration maxInactive) {
      this.maxInactive = maxInactive;
      return this;
    }

    public Changes principal(byte[] principal) {
      this.principal = principal;
      return this;
    }

    public Changes rotate(byte[] expected, byte[] next) {
      this.rotation = new Rotation(expected, next, Duration.ofSeconds(30));
      return this;
    }

    public Changes renew(byte[] expected, byte[] next) {
      this.rotation = new Rotation(expected, next, Duration.ofSeconds(30), true);
      return this;
    }

    public Changes write(String name, byte[] value) {
      written.put(name, value);
      return this;
    }

    public Changes change(String name, Stamp read, byte[] value) {
      changed.put(name, new ChangedInPlace(read, value));
      return this;
    }

    public Changes remove(String name) {
      removed.add(name);
      return this;
    }

    public Changes under(SessionLocks.Ticket lock, boolean ends) {
      this.lock = new LockCheck(lock.token(), ends);
      return this;
    }

    public SessionChanges build() {
      return new SessionChanges(
          locator,
          epoch,
          new Stamp(1, 1),
          stamp,
          accessed,
          maxInactive,
          principal,
          rotation,
          written,
          changed,
          removed,
          null,
          lock);
    }
  }
}
