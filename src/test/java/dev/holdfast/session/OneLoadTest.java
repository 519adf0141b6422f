package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The many requests with which a page begins, on a node that has not the session, or an old copy.
 */
class OneLoadTest {
  private static final int REQUESTS = 60;
  private static final int ATTRIBUTES = 9;
  private static final int BYTES = 400_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final CountingProxy proxy = new CountingProxy(RunningRedis.shared().port());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SessionManager other = node(RunningRedis.shared().uri(), "64MB");
  private SessionManager cold;

  @BeforeEach
  void open() {
    cold = node(proxy.uri(), "64MB");
  }

  @AfterEach
  void close() {
    proxy.heal();
    threads.shutdownNow();
    cold.close();
    other.close();
    proxy.close();
  }

  private static SessionManager node(String uri, String cache) {
    Settings settings =
        TestSettings.of(
            uri,
            "redis.timeout",
            TIMEOUT.toMillis() + "ms",
            "expiry.interval",
            "2m",
            "cache.size",
            cache,
            "session.max-size",
            "8MB");
    return TestNodes.manager(settings, new Measurements());
  }

  private SessionToken large() {
    Session session = other.create(Duration.ofMinutes(30));
    for (int i = 0; i < ATTRIBUTES; i++) {
      byte[] value = new byte[BYTES];
      new SecureRandom().nextBytes(value);
      session.attribute("large " + i, value);
    }
    other.commit(session);
    other.release(session);
    return session.token();
  }

  /** What each request gets, all of them started together. */
  private <T> List<Future<T>> together(Callable<T> request) {
    CyclicBarrier start = new CyclicBarrier(REQUESTS);
    List<Future<T>> all = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      all.add(
          threads.submit(
              () -> {
                start.await(30, TimeUnit.SECONDS);
                return request.call();
              }));
    }
    return all;
  }

  private Integer lengths(SessionToken token) {
    Session session = Objects.requireNonNull(cold.join(token).session());
    try {
      int sum = 0;
      for (int i = 0; i < ATTRIBUTES; i++) {
        sum += ((byte[]) Objects.requireNonNull(session.attribute("large " + i))).length;
      }
      return sum;
    } finally {
      assertThat(cold.commit(session)).isEqualTo(Commit.UNCHANGED);
      cold.release(session);
    }
  }

  private void assertAllRead(SessionToken token) throws Exception {
    for (Future<Integer> each : together(() -> lengths(token))) {
      assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(ATTRIBUTES * BYTES);
    }
  }

  private int loads() {
    return new String(proxy.bytesToServer(), ISO_8859_1).split("\\$7\r\nHGETALL", -1).length - 1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"64MB", "0"})
  void ofAColdNodeLoadTheSessionOnce(String cache) throws Exception {
    SessionToken token = large();
    cold.close();
    cold = node(proxy.uri(), cache);
    cold.join(SessionToken.create(new SecureRandom()));
    proxy.reset();
    // A large session takes a while.
    proxy.bandwidth(20_000_000);
    List<Future<Integer>> all = together(() -> lengths(token));
    for (Future<Integer> each : all) {
      assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(ATTRIBUTES * BYTES);
    }
    if (!cache.equals("0")) {
      assertThat(loads()).isEqualTo(1);
    } else {
      assertThat(loads()).as("who comes when all have gone loads again").isLessThan(5);
    }
  }

  @Test
  void ofANodeWithAnOldCopyLoadTheSessionOnce() throws Exception {
    SessionToken token = large();
    assertAllRead(token);
    Session session = Objects.requireNonNull(other.join(token).session());
    session.attribute("small", "new");
    other.commit(session);
    other.release(session);
    proxy.reset();

    assertAllRead(token);
    assertThat(loads()).isEqualTo(1);
  }

  @Test
  void whatOneOfThemWritesAfterTheLoadIsSeenByThoseWhoComeThen() throws Exception {
    SessionToken token = large();
    List<Future<Object>> all =
        together(
            () -> {
              Session written = Objects.requireNonNull(other.join(token).session());
              String name = "own " + Thread.currentThread().getId();
              written.attribute(name, "acknowledged");
              other.commit(written);
              other.release(written);
              Session seen = Objects.requireNonNull(cold.join(token).session());
              try {
                return seen.attribute(name);
              } finally {
                cold.release(seen);
              }
            });
    for (Future<Object> each : all) {
      assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo("acknowledged");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allFailWhenTheLoadFailsNoneHangsAndTheNextOneLoadsAnew(boolean holdsACopy) throws Exception {
    SessionToken token = large();
    cold.join(SessionToken.create(new SecureRandom()));
    if (holdsACopy) {
      lengths(token);
      Session session = Objects.requireNonNull(other.join(token).session());
      session.attribute("small", "new");
      other.commit(session);
      other.release(session);
    }
    long start = System.nanoTime();
    // The check passes, the load does not.
    proxy.bandwidth(200_000);
    for (Future<Integer> each : together(() -> lengths(token))) {
      assertThatThrownBy(() -> each.get(60, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SessionStoreUnavailableException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(5));
    proxy.heal();
    proxy.disconnect();

    org.awaitility.Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(lengths(token)).isEqualTo(ATTRIBUTES * BYTES));
  }

  @Test
  void nobodyWaitsForSomebodyWhoHasOnlyTheLocator() throws Exception {
    SessionToken token = large();
    SessionToken forged = token.rotated(new SecureRandom());
    Future<Join> attacker = threads.submit(() -> cold.join(forged));
    assertThat(lengths(token)).isEqualTo(ATTRIBUTES * BYTES);
    assertThat(attacker.get(30, TimeUnit.SECONDS)).isEqualTo(Join.NOTHING);
    assertThat(cold.join(forged)).isEqualTo(Join.NOTHING);
  }
}
