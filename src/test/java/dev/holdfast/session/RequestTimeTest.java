package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.store.TimeBudget;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one request may wait for a Redis that answers late, or in the middle of it no more. */
class RequestTimeTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FaultProxy proxy = new FaultProxy(RunningRedis.shared().port());
  private SessionManager node;
  private SessionToken token;

  @BeforeEach
  void startNode() {
    node =
        TestNodes.manager(
            TestSettings.of(
                proxy.uri(), "redis.timeout", PATIENCE.toMillis() + "ms", "expiry.interval", "2m"),
            counter -> {});
    Session session = node.create(HALF_HOUR);
    node.commit(session);
    node.release(session);
    token = session.token();
  }

  @AfterEach
  void stopNode() {
    proxy.heal();
    node.close();
    proxy.close();
  }

  @Test
  void severalSlowWaitsTakeNoLongerAltogether() {
    proxy.latency(Duration.ofMillis(100));
    TimeBudget budget = TimeBudget.begin(Duration.ofMillis(500));
    try {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 5; i++) {
                  node.release(join());
                }
              })
          .isInstanceOf(SessionStoreUnavailableException.class);
      proxy.heal();

      assertThatThrownBy(this::join)
          .isInstanceOf(SessionStoreUnavailableException.class)
          .hasMessageContaining("was not tried")
          .hasMessageContaining("redis.request-timeout");
    } finally {
      budget.end();
    }
    node.release(join());
  }

  @Test
  void whatRedisHasSavedBeginsAnew() {
    proxy.latency(Duration.ofMillis(100));
    Session session = join();
    TimeBudget budget = TimeBudget.begin(Duration.ofMillis(700));
    try {
      for (int i = 0; i < 5; i++) {
        session.attribute("row", i);
        assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
      }
    } finally {
      budget.end();
    }
    node.release(session);
  }

  @Test
  void aRedisThatStopsInTheMiddleOfALoginCostsNoMore() {
    TimeBudget budget = TimeBudget.begin(Duration.ofMillis(500));
    try {
      Session session = join();
      proxy.pause();
      long start = System.nanoTime();
      session.login(new Login("ada", "FORM", Set.of(), true));
      node.rotate(session);

      assertThatThrownBy(() -> node.commit(session))
          .isInstanceOf(SessionStoreUnavailableException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
      node.release(session);
    } finally {
      budget.end();
    }
  }

  @Test
  void theSaveOfAnotherRequestIsWaitedForNoLonger() throws Exception {
    Session session = join();
    session.attribute("first", 1);
    proxy.pause();
    CompletableFuture<Commit> other = CompletableFuture.supplyAsync(() -> node.commit(session));
    await().until(session.saving::isLocked);
    session.attribute("second", 2);
    TimeBudget budget = TimeBudget.begin(Duration.ofMillis(100));
    try {
      assertThatThrownBy(() -> node.commit(session))
          .isInstanceOf(SessionStoreUnavailableException.class)
          .hasMessageContaining("redis.request-timeout");
    } finally {
      budget.end();
    }
    assertThat(other).isNotDone();
    proxy.resume();

    assertThat(other.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Commit.SAVED);
    node.release(session);
  }

  @Test
  void workOfAnyLengthIsLimitedByEachWaitOnly() {
    TimeBudget budget = TimeBudget.begin(Duration.ofNanos(1));
    try {
      TimeBudget unlimited = TimeBudget.unlimited();
      try {
        node.release(join());
      } finally {
        unlimited.end();
      }
      assertThatThrownBy(
              () -> {
                node.release(join());
                join();
              })
          .isInstanceOf(SessionStoreUnavailableException.class);
    } finally {
      budget.end();
    }
  }

  private Session join() {
    Session session = node.join(token).session();
    assertThat(session).isNotNull();
    return session;
  }
}
