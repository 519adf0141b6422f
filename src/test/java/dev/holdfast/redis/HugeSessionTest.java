package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.FaultProxy.Traffic;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.Stamp;
import dev.holdfast.testing.FaultMatrix;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One session of 4 MiB, asked for twenty times a second, beside five hundred small ones. */
class HugeSessionTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int HUGE = 4 * 1024 * 1024;
  private static final int ROUNDS = Boolean.getBoolean("holdfast.full") ? 10 : 2;
  private static final int THREADS = 4;
  private static final int SMALL_SESSIONS = 500;

  /** More than a write of one small number and its reply take. */
  private static final int SMALL_BYTES = 2_000;

  private final RedisServer redis = RedisServer.start();
  private final FaultProxy proxy = new FaultProxy(redis.port());
  private final RedisSessionStore store =
      new RedisSessionStore(TestSettings.of(proxy.uri(), "redis.timeout", "5s"));
  private final String huge = Workload.locator();
  private final AtomicReference<Stamp> stamp = new AtomicReference<>(Stamp.first(RANDOM));
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger saves = new AtomicInteger();

  @BeforeEach
  void create() {
    NewSession session =
        new NewSession(
            huge,
            new byte[32],
            stamp.get(),
            store.now(),
            Duration.ofMinutes(30),
            null,
            null,
            Map.of("a", bytes(HUGE)));
    assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
    // The first time nobody can know.
    load();
    load();
  }

  @AfterEach
  void close() {
    store.close();
    proxy.close();
    redis.close();
  }

  @Test
  void itHasAConnectionOfItsOwn() throws Exception {
    List<Traffic> before = proxy.traffic();
    loads.set(0);
    List<Long> alone = new ArrayList<>();
    List<Long> beside = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      alone.addAll(smallWrites());
      beside.addAll(withTheHugeOne(this::smallWrites));
    }
    List<Traffic> after = proxy.traffic();

    assertThat(after).as("connections").hasSameSizeAs(before);
    List<Traffic> moved = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      moved.add(after.get(i).since(before.get(i)));
    }
    moved.sort(Comparator.comparingLong(Traffic::toClient).reversed());
    Traffic bulk = moved.remove(0);
    assertThat(bulk.toClient()).isGreaterThanOrEqualTo((long) loads.get() * HUGE);
    assertThat(bulk.toServer()).isGreaterThanOrEqualTo((long) saves.get() * HUGE);
    // And those that made the sessions.
    long writes = alone.size() + beside.size() + 2L * ROUNDS * SMALL_SESSIONS;
    assertThat(loads.get()).isPositive();
    assertThat(saves.get()).isPositive();
    for (Traffic small : moved) {
      assertThat(small.toClient()).as("%d writes", writes).isLessThan(writes * SMALL_BYTES);
      assertThat(small.toServer()).as("%d writes", writes).isLessThan(writes * SMALL_BYTES);
    }
    double ratio = (double) percentile(beside) / percentile(alone);
    FaultMatrix.record(
        "Huge sessions",
        "HugeSessionTest",
        "one of %d MiB, read %d times and written %d times at 20/s beside %d small ones: p99 of %d small writes %.1f ms, of %d without it %.1f ms, ratio %.1f; on other connections than its own %d KiB from Redis"
            .formatted(
                HUGE >> 20,
                loads.get(),
                saves.get(),
                SMALL_SESSIONS,
                beside.size(),
                percentile(beside) / 1e6,
                alone.size(),
                percentile(alone) / 1e6,
                ratio,
                moved.stream().mapToLong(Traffic::toClient).sum() >> 10));
  }

  /** A second of them: how long each took, in nanoseconds. */
  private List<Long> smallWrites() throws InterruptedException {
    try (Workload small = new Workload(store, THREADS, SMALL_SESSIONS / THREADS, 1)) {
      TimeUnit.SECONDS.sleep(1);
      small.stop();
      assertThat(small.failed()).as(small.toString()).isZero();
      return small.durations();
    }
  }

  private <T> T withTheHugeOne(Callable<T> work) throws Exception {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    AtomicInteger turns = new AtomicInteger();
    var requests =
        timer.scheduleWithFixedDelay(
            () -> {
              load();
              if (turns.incrementAndGet() % 10 == 1) {
                save();
              }
            },
            0,
            50,
            TimeUnit.MILLISECONDS);
    try {
      return work.call();
    } finally {
      assertThat(requests.isDone()).as("one of its requests has failed").isFalse();
      timer.shutdown();
      assertThat(timer.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void load() {
    assertThat(store.load(huge, null)).isNotNull();
    loads.incrementAndGet();
  }

  private void save() {
    Stamp next = new Stamp(saves.incrementAndGet() + 1, RANDOM.nextLong());
    SessionChanges changes =
        new SessionChanges(
            huge,
            0,
            stamp.getAndSet(next),
            next,
            store.now(),
            null,
            null,
            null,
            Map.of("a", bytes(HUGE)),
            Map.of(),
            Set.of());
    assertThat(store.save(changes).result()).isEqualTo(Result.SAVED);
  }

  private static long percentile(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return sorted.get((int) (sorted.size() * 0.99));
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
