package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Security checklist 1.1: idle, absolute and renewal time-out, and what a rotation leaves. Two
 * nodes on one Redis.
 */
class LifetimeTest {
  private static final RunningRedis REDIS = RedisServer.shared();
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);

  private final List<String> renewals = new ArrayList<>();
  private final List<SessionManager> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(SessionManager::close);
  }

  private SessionManager node(String... settings) {
    Settings all = TestSettings.of(REDIS.uri(), settings);
    SessionManager node = TestNodes.manager(all, new Measurements(), idChanges());
    nodes.add(node);
    return node;
  }

  /** Records {@code idChanged} and ignores the rest. */
  private SessionEvents idChanges() {
    return (SessionEvents)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SessionEvents.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("idChanged")) {
                renewals.add(arguments[1] + " " + ((Session) arguments[0]).id());
              }
              return method.getReturnType() == boolean.class ? false : null;
            });
  }

  private static Session stored(SessionManager node, Duration idle) {
    Session session = node.create(idle);
    session.attribute("color", "red");
    assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
    node.release(session);
    return session;
  }

  private static Session join(SessionManager node, SessionToken token) {
    Session session = node.join(token).session();
    assertThat(session).as("the session that the token opens").isNotNull();
    return session;
  }

  private static boolean opens(SessionManager node, SessionToken token) {
    Session session = node.join(token).session();
    if (session == null) {
      return false;
    }
    node.release(session);
    return true;
  }

  private static Session renewing(SessionManager node, SessionToken token) {
    Session session = join(node, token);
    node.renewIfDue(session, token);
    return session;
  }

  // Renewal

  private SessionManager renewingNode() {
    return node("renewal.interval", "1s", "renewal.grace", "2s");
  }

  @Test
  void anIdIsRenewedWhenItIsOldAndNotBefore() throws Exception {
    SessionManager here = renewingNode();
    SessionToken first = stored(here, HALF_HOUR).token();

    Session early = renewing(here, first);
    assertThat(here.commit(early)).isEqualTo(Commit.UNCHANGED);
    here.release(early);
    TimeUnit.MILLISECONDS.sleep(1100);
    Session session = renewing(here, first);
    assertThat(session.id()).as("certain only when it is stored").isEqualTo(first.publicId());
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);

    assertThat(session.id()).isNotEqualTo(first.publicId());
    assertThat(session.token().publicId()).isEqualTo(session.id());
    assertThat(session.renewed(first)).isTrue();
    assertThat(renewals).containsExactly(first.publicId() + " " + session.id());
    here.release(session);
    assertThat(here.commit(renewing(here, session.token()))).isEqualTo(Commit.UNCHANGED);
  }

  @Test
  void theOldIdReadsAndWritesOnEveryNodeForTheGraceAndNoLonger() throws Exception {
    SessionManager here = renewingNode();
    SessionManager there = renewingNode();
    SessionToken old = stored(here, HALF_HOUR).token();
    Session inFlight = join(there, old);
    TimeUnit.MILLISECONDS.sleep(1100);
    Session renewed = renewing(here, old);
    here.commit(renewed);
    here.release(renewed);

    inFlight.attribute("size", "7");
    assertThat(there.commit(inFlight)).as("in flight, not fenced").isEqualTo(Commit.SAVED);
    there.release(inFlight);
    Session late = join(there, old);
    assertThat(late.id()).as("the same on both nodes").isEqualTo(renewed.id());
    assertThat(late.opensWith(old)).isTrue();
    assertThat(late.knowsToken()).isFalse();
    late.attribute("color", "blue");
    assertThat(there.commit(late)).isEqualTo(Commit.SAVED);
    there.release(late);
    Session current = join(here, renewed.token());
    assertThat(current.attribute("color")).isEqualTo("blue");
    assertThat(current.attribute("size")).isEqualTo("7");
    here.release(current);
    assertThat(REDIS.keys()).filteredOn(key -> key.contains(old.locator())).hasSize(1);

    await()
        .atMost(Duration.ofSeconds(3))
        .untilAsserted(
            () -> {
              assertThat(opens(here, old)).isFalse();
              assertThat(opens(there, old)).isFalse();
            });
    assertThat(opens(there, renewed.token())).isTrue();
  }

  @Test
  void ofTwoRenewalsAtOnceOneWinsAndTheLosersChangesAreSaved() throws Exception {
    SessionManager here = renewingNode();
    SessionManager there = renewingNode();
    SessionToken old = stored(here, HALF_HOUR).token();
    TimeUnit.MILLISECONDS.sleep(1100);
    Session winner = renewing(here, old);
    Session loser = renewing(there, old);
    winner.attribute("a", "1");
    loser.attribute("b", "2");

    assertThat(here.commit(winner)).isEqualTo(Commit.SAVED);
    assertThat(there.commit(loser)).isEqualTo(Commit.SAVED);

    assertThat(loser.renewed(old)).as("has no cookie to send").isFalse();
    assertThat(renewals).hasSize(1);
    here.release(winner);
    there.release(loser);
    Session after = join(there, winner.token());
    assertThat(after.id()).isEqualTo(winner.id());
    assertThat(after.attribute("a")).isEqualTo("1");
    assertThat(after.attribute("b")).isEqualTo("2");
    assertThat(after.renewed(old)).as("now it knows the winner's").isTrue();
  }

  @Test
  void aLoginAfterARenewalLeavesOneIdOfThree() throws Exception {
    SessionManager here = renewingNode();
    SessionManager there = renewingNode();
    SessionToken first = stored(here, HALF_HOUR).token();
    Session waiting = join(here, first);
    TimeUnit.MILLISECONDS.sleep(1100);
    Session session = renewing(here, first);
    here.commit(session);
    SessionToken second = session.token();

    here.rotate(session);
    assertThat(session.renewed(first)).as("who came before the login").isFalse();
    here.commit(session);
    SessionToken third = session.token();

    assertThat(session.renewed(first)).isFalse();
    assertThat(session.renewed(second)).isFalse();
    for (SessionManager node : List.of(here, there)) {
      assertThat(opens(node, first)).isFalse();
      assertThat(opens(node, second)).isFalse();
      assertThat(opens(node, third)).isTrue();
    }
    assertThat(waiting).isSameAs(session);
  }

  @Test
  void aLoginThatARenewalOfAnotherNodeCameBeforeIsTheLast() throws Exception {
    SessionManager here = renewingNode();
    SessionManager there = renewingNode();
    SessionToken first = stored(here, HALF_HOUR).token();
    TimeUnit.MILLISECONDS.sleep(1100);
    Session login = join(here, first);
    Session renewed = renewing(there, first);
    there.commit(renewed);
    there.release(renewed);
    SessionToken second = renewed.token();

    here.rotate(login);
    login.attribute("user", "alice");
    assertThat(here.commit(login)).isEqualTo(Commit.SAVED);
    here.release(login);

    for (SessionManager node : List.of(here, there)) {
      assertThat(opens(node, first)).isFalse();
      assertThat(opens(node, second)).isFalse();
      assertThat(opens(node, login.token())).isTrue();
    }
  }

  @Test
  void aLoginMakesARenewalThatIsDueNeedless() throws Exception {
    SessionManager here = renewingNode();
    SessionToken old = stored(here, HALF_HOUR).token();
    TimeUnit.MILLISECONDS.sleep(1100);
    Session session = renewing(here, old);
    here.rotate(session);
    here.commit(session);

    assertThat(renewals).hasSize(1);
    assertThat(opens(here, old)).as("no grace").isFalse();
    assertThat(opens(here, session.token())).isTrue();
  }

  @Test
  void aTouchWithTheIdInItsGraceKeepsTheSessionAlive() throws Exception {
    SessionManager here = node("renewal.interval", "1s", "renewal.grace", "10s");
    SessionToken old = stored(here, Duration.ofSeconds(2)).token();
    TimeUnit.MILLISECONDS.sleep(1100);
    Session session = renewing(here, old);
    here.commit(session);
    here.release(session);
    long end = System.nanoTime() + Duration.ofMillis(2500).toNanos();
    while (System.nanoTime() - end < 0) {
      here.touch(old);
      TimeUnit.MILLISECONDS.sleep(100);
    }

    assertThat(opens(here, session.token())).isTrue();
  }

  // Absolute

  @Test
  void aBusySessionEndsAtItsAbsoluteDeadlineByTheClockOfRedis() throws Exception {
    SessionManager here = node("absolute.timeout", "2s");
    SessionManager there = node();
    Session session = stored(here, HALF_HOUR);
    SessionToken token = session.token();
    long start = System.nanoTime();
    Duration lived = Duration.ZERO;
    for (int request = 0; ; request++) {
      SessionManager node = request % 2 == 0 ? here : there;
      Session joined = node.join(token).session();
      lived = Duration.ofNanos(System.nanoTime() - start);
      if (joined == null) {
        break;
      }
      joined.attribute("request", String.valueOf(request));
      if (request == 3) {
        node.rotate(joined);
      }
      node.commit(joined);
      token = joined.token();
      node.release(joined);
      assertThat(lived).isLessThan(Duration.ofSeconds(5));
      TimeUnit.MILLISECONDS.sleep(100);
    }

    assertThat(lived).isBetween(Duration.ofMillis(1900), Duration.ofMillis(2500));
    assertThat(opens(here, token)).isFalse();
  }

  @Test
  void aRequestThatOutlastsTheAbsoluteDeadlineWritesNothing() throws Exception {
    SessionManager here = node("absolute.timeout", "1s");
    Session session = join(here, stored(here, HALF_HOUR).token());
    TimeUnit.MILLISECONDS.sleep(1100);
    session.attribute("color", "blue");

    assertThat(here.commit(session)).isEqualTo(Commit.GONE);
    assertThatThrownBy(() -> session.attribute("color")).isInstanceOf(IllegalStateException.class);
  }

  // Requests that are no activity

  @Test
  void aPollerReadsAndWritesAndTheSessionEndsOnTimeAllTheSame() throws Exception {
    SessionManager here = node();
    SessionToken token = stored(here, Duration.ofSeconds(2)).token();
    Session first = join(here, token);
    Instant accessed = first.lastAccessedTime();
    here.release(first);
    long start = System.nanoTime();
    int polls = 0;
    while (true) {
      Session polled = here.join(token, false).session();
      if (polled == null) {
        break;
      }
      polls++;
      assertThat(polled.attribute("color")).isEqualTo("red");
      assertThat(polled.lastAccessedTime()).isEqualTo(accessed);
      polled.attribute("polls", polls);
      assertThat(here.commit(polled, false)).isIn(Commit.SAVED, Commit.GONE);
      here.release(polled, false);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
      TimeUnit.MILLISECONDS.sleep(50);
    }

    // The idle time and at most a tenth of it.
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1700), Duration.ofMillis(2900));
    assertThat(polls).isGreaterThan(2);
  }

  @Test
  void aPollersWriteDoesNotHideTheNextAccess() throws Exception {
    SessionManager here = node();
    SessionToken token = stored(here, Duration.ofSeconds(2)).token();
    TimeUnit.MILLISECONDS.sleep(1000);
    Session polled = here.join(token, false).session();
    polled.attribute("polls", 1);
    here.commit(polled, false);
    here.release(polled, false);
    assertThat(opens(here, token)).isTrue();
    TimeUnit.MILLISECONDS.sleep(1500);

    assertThat(opens(here, token)).as("2.5 s after its creation, 1.5 s after its access").isTrue();
  }
}
