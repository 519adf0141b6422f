package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.Conflict;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A session that a request holds does not expire, however long the request takes. */
class HeldSessionsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONGER = Duration.ofMillis(1_400);

  private static final RunningRedis REDIS = RunningRedis.shared();
  private static CountingProxy proxy;
  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void openTwoNodes() {
    proxy = new CountingProxy(REDIS.port());
    here = node(proxy.uri());
    there = node(REDIS.uri());
    there.release(stored(there, SECOND));
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
    proxy.close();
  }

  private static SessionManager node(String uri) {
    return TestNodes.manager(TestNodes.settings(uri, Conflict.DROP), counter -> {});
  }

  private static Session stored(SessionManager node, Duration interval) {
    Session session = node.create(interval);
    session.attribute("color", "red");
    node.commit(session);
    return session;
  }

  private static boolean isAliveThere(SessionToken token) {
    Session session = there.join(token).session();
    if (session != null) {
      there.release(session);
    }
    return session != null;
  }

  private static void letPass(Duration time) {
    await().pollDelay(time).until(() -> true);
  }

  @Test
  void aSessionInUseLivesAndItsIdleTimeBeginsWhenItIsNoLonger() {
    Session session = stored(here, SECOND);
    letPass(LONGER);
    here.release(session);
    letPass(Duration.ofMillis(700));
    assertThat(isAliveThere(session.token())).isTrue();

    Session again = stored(here, SECOND);
    letPass(LONGER);
    here.release(again);
    letPass(LONGER);
    assertThat(isAliveThere(again.token())).isFalse();
  }

  @Test
  void aRenewalIsNoAccess() {
    Session session = stored(there, SECOND);
    there.release(session);
    Session held = here.join(session.token()).session();
    Instant entered = here.join(session.token()).session().lastAccessedTime();
    here.release(held);
    letPass(LONGER);

    Session next = there.join(session.token()).session();
    assertThat(next.lastAccessedTime()).isBetween(entered, entered.plusMillis(300));
    here.release(held);
    there.release(next);
  }

  @Test
  void anIntervalThatBecomesShorterWhileItIsInUseIsKept() {
    Session session = stored(here, Duration.ofMinutes(30));
    session.maxInactiveInterval(SECOND);
    here.commit(session);
    letPass(LONGER);

    assertThat(isAliveThere(session.token())).isTrue();
    here.release(session);
  }

  @Test
  void aRenewalThatFailedIsTriedAgain() {
    Session session = stored(here, Duration.ofSeconds(3));
    proxy.refuse(true);
    proxy.disconnect();
    letPass(LONGER);
    proxy.refuse(false);
    letPass(Duration.ofMillis(2_500));

    assertThat(isAliveThere(session.token())).isTrue();
    here.release(session);
  }
}
