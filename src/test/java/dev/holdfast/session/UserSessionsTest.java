package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionInfo;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.store.SessionStore;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which sessions a user has, on two nodes of one application over a real Redis. Reliability I15,
 * security checklist "Logout everywhere, admin kill" and "Concurrent-session limit".
 */
class UserSessionsTest {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final Queue<Counter> COUNTED = new ConcurrentLinkedQueue<>();
  private static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();

  private static CountingProxy proxy;
  private static SessionManager here;
  private static SessionManager there;

  private final List<SessionManager> opened = new ArrayList<>();

  @BeforeAll
  static void openTwoNodes() {
    proxy = new CountingProxy(REDIS.port());
    here = node(proxy.uri());
    there = node(REDIS.uri());
    here.release(here.create(HALF_HOUR));
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
    proxy.close();
  }

  @BeforeEach
  void forget() {
    REDIS.flush();
    COUNTED.clear();
    TOLD.clear();
  }

  private static SessionManager node(String uri, String... namesAndValues) {
    List<String> all = new ArrayList<>(List.of("redis.timeout", "5s", "expiry.interval", "2m"));
    all.addAll(List.of(namesAndValues));
    Settings settings = TestSettings.of(uri, all.toArray(String[]::new));
    return TestNodes.manager(settings, COUNTED::add, SessionEvents.NONE);
  }

  private static Login login(String user) {
    return new Login(user, "TEST", Set.of(), true);
  }

  /** A browser that has just logged in. */
  private static SessionToken loggedIn(SessionManager node, String user) {
    Session session = node.create(HALF_HOUR);
    session.attribute("user", user);
    session.login(login(user));
    assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
    node.release(session);
    REDIS.awaitNextMillisecond(); // Logins of one millisecond are in no order.
    return session.token();
  }

  private static SessionToken anonymous(SessionManager node) {
    Session session = node.create(HALF_HOUR);
    assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
    node.release(session);
    return session.token();
  }

  /** Logs a browser in that has a session already; null when that was in vain. */
  private static SessionToken logIn(SessionManager node, SessionToken token, String user) {
    Session session = node.join(token).session();
    if (session == null) {
      return null;
    }
    try {
      session.login(login(user));
      node.rotate(session);
      return node.commit(session) == Commit.SAVED ? session.token() : null;
    } catch (SessionConflictException e) {
      return null;
    } finally {
      node.release(session);
    }
  }

  private static boolean answers(SessionToken token) {
    Session session = there.join(token).session();
    if (session == null) {
      return false;
    }
    try {
      return session.login() != null;
    } finally {
      there.release(session);
    }
  }

  private static List<String> idsOf(String user) {
    return there.users().of(user).stream().map(SessionInfo::id).toList();
  }

  private static List<String> indexKeys() {
    return REDIS.keys().stream().filter(key -> key.startsWith("holdfast:shop:user:{")).toList();
  }

  private static List<?> members() {
    assertThat(indexKeys()).hasSize(1);
    return (List<?>) REDIS.command("ZRANGE", indexKeys().get(0), "0", "-1");
  }

  // What is written down

  @Test
  void theSessionsOfAUserAreKnownOnEveryNode() {
    Instant before = Instant.now().minusSeconds(5);
    SessionToken first = loggedIn(here, "ada");
    SessionToken second = loggedIn(there, "ada");
    loggedIn(here, "bob");
    anonymous(here);

    List<SessionInfo> sessions = here.users().of("ada");

    assertThat(sessions)
        .extracting(SessionInfo::id)
        .containsExactly(first.publicId(), second.publicId());
    assertThat(sessions.get(0).user()).isEqualTo("ada");
    assertThat(sessions.get(0).maxInactiveInterval()).isEqualTo(HALF_HOUR);
    assertThat(sessions.get(0).creationTime()).isBetween(before, Instant.now().plusSeconds(5));
    assertThat(sessions.get(0).loginTime()).isBetween(before, Instant.now().plusSeconds(5));
    assertThat(here.users().of("nobody")).isEmpty();
    assertThat(here.users().find(second.locator()).user()).isEqualTo("ada");
    assertThat(here.users().find(SessionToken.create(new SecureRandom()).locator())).isNull();
  }

  @Test
  void redisDoesNotTellWhoTheUsersAre() {
    loggedIn(here, "ada.lovelace@example.com");

    assertThat(indexKeys())
        .singleElement()
        .asString()
        .matches("holdfast:shop:user:\\{[A-Za-z0-9_-]{22}}")
        .doesNotContain("ada");
    long ttl = (Long) REDIS.command("PTTL", indexKeys().get(0));
    assertThat(ttl).isBetween(Duration.ofDays(29).toMillis(), Duration.ofDays(30).toMillis());
  }

  @Test
  void aLoginCostsOneWaitMoreAndNothingElseDoes() {
    SessionToken token = anonymous(here);
    proxy.reset();
    Session session = here.join(token).session();
    session.login(login("ada"));
    here.rotate(session);
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    assertThat(proxy.waits()).as("join, place, save").isEqualTo(3);

    proxy.reset();
    session.attribute("a", "b");
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    assertThat(proxy.waits()).as("save").isEqualTo(1);
    here.release(session);

    proxy.reset();
    Session again = here.join(session.token()).session();
    assertThat(proxy.waits()).as("join").isEqualTo(1);
    long scripts = REDIS.calls("evalsha");
    again.login(null);
    assertThat(here.commit(again)).isEqualTo(Commit.SAVED);
    here.release(again);
    // Behind the removal, for which nobody waits, on the same connection.
    here.release(here.join(session.token()).session());
    assertThat(REDIS.calls("evalsha")).as("the save, and one removal").isEqualTo(scripts + 2);
    assertThat(indexKeys()).isEmpty();

    SessionManager without = node(proxy.uri(), "sessions.index", "off");
    opened.add(without);
    SessionToken unfiled = anonymous(without);
    proxy.reset();
    assertThat(logIn(without, unfiled, "ada")).isNotNull();
    assertThat(proxy.waits()).as("join, save").isEqualTo(2);
    assertThatThrownBy(() -> without.users().of("ada"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("sessions.index");
    without.close();
  }

  @Test
  void logoutInvalidationAndTheEndRemoveASession() {
    SessionToken out = loggedIn(here, "ada");
    SessionToken invalidated = loggedIn(here, "ada");
    SessionToken ended = loggedIn(here, "ada");
    SessionToken other = loggedIn(here, "ada");
    SessionToken stays = loggedIn(here, "ada");
    assertThat(members()).hasSize(5);

    Session session = there.join(out).session();
    session.login(null);
    there.commit(session);
    there.release(session);
    Session last = there.join(invalidated).session();
    there.invalidate(last);
    there.release(last);
    there.users().end(ended.locator(), "test");
    assertThat(logIn(there, other, "bob")).isNotNull();

    String ada = indexKeys().size() == 1 ? "" : adasKey(stays);
    await()
        .untilAsserted(
            () ->
                assertThat((List<?>) REDIS.command("ZRANGE", ada, "0", "-1"))
                    .singleElement()
                    .isEqualTo(stays.locator().getBytes()));
  }

  private static String adasKey(SessionToken member) {
    return indexKeys().stream()
        .filter(key -> REDIS.command("ZSCORE", key, member.locator()) != null)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStaleMemberIsRemovedByWhoReads() {
    SessionToken lost = loggedIn(here, "ada");
    SessionToken stays = loggedIn(here, "ada");
    String key = indexKeys().get(0);
    REDIS.command("DEL", "holdfast:shop:{" + lost.locator() + "}");
    assertThat(idsOf("ada")).containsExactly(stays.publicId());
    assertThat(members()).as("its login might be about to be stored").hasSize(2);
    aMinuteAgo(key, lost);

    assertThat(idsOf("ada")).containsExactly(stays.publicId());

    assertThat(members()).hasSize(1);
  }

  private static void aMinuteAgo(String key, SessionToken member) {
    long then = Instant.now().minus(IndexedSession.UNDER_WAY).minusSeconds(5).toEpochMilli();
    REDIS.command("ZADD", key, String.valueOf(then), member.locator());
  }

  @Test
  void aSessionThatTheIndexHasLostIsFiledWhenItIsUsed() {
    SessionToken token = loggedIn(here, "ada");
    REDIS.command("DEL", indexKeys().get(0));
    SessionManager fresh = node(REDIS.uri());

    fresh.release(fresh.join(token).session());

    await().until(() -> idsOf("ada").equals(List.of(token.publicId())));
    fresh.close();
  }

  // Ending sessions

  @Test
  void allButOneEndWhereverTheyAre() {
    SessionToken kept = loggedIn(here, "ada");
    List<SessionToken> others =
        List.of(loggedIn(here, "ada"), loggedIn(there, "ada"), loggedIn(there, "ada"));
    SessionToken bob = loggedIn(here, "bob");

    assertThat(here.users().endAll("ada", kept.locator(), "test")).isEqualTo(3);

    assertThat(others).noneMatch(UserSessionsTest::answers);
    assertThat(answers(kept)).isTrue();
    assertThat(answers(bob)).isTrue();
    assertThat(idsOf("ada")).containsExactly(kept.publicId());
    assertThat(here.users().endAll("ada", null, "test")).isEqualTo(1);
    assertThat(idsOf("ada")).isEmpty();
  }

  /** A service account, say. Nobody's patience is for the answer to so many questions at once. */
  @Test
  void thousandsOfSessionsAreAskedForInPiecesListedAndEnded() {
    int sessions = 5_000;
    int asked = (sessions + IndexedSession.AT_ONCE - 1) / IndexedSession.AT_ONCE;
    loggedIn(here, "robot");
    String key = indexKeys().get(0);
    SessionManager unfiled = node(REDIS.uri(), "sessions.index", "off");
    List<Object> filing = new ArrayList<>(List.of("ZADD", key));
    for (int i = 1; i < sessions; i++) {
      filing.add(Instant.now().toEpochMilli());
      filing.add(loggedIn(unfiled, "robot").locator());
    }
    REDIS.command(filing.toArray());
    unfiled.close();
    List<Integer> pieces = Collections.synchronizedList(new ArrayList<>());
    SessionManager asking = askingAloud(pieces);

    assertThat(asking.users().of("robot")).hasSize(sessions);

    assertThat(pieces).allMatch(size -> size <= IndexedSession.AT_ONCE);
    assertThat(pieces).hasSize(asked);
    pieces.clear();
    assertThat(asking.users().endAll("robot", null, "test")).isEqualTo(sessions);
    assertThat(pieces).allMatch(size -> size <= IndexedSession.AT_ONCE);
    assertThat(pieces).hasSize(asked);
    assertThat(REDIS.keys()).noneMatch(found -> found.startsWith("holdfast:shop:{"));
    asking.close();
  }

  /** Of one session, as the replies to several may come in between. */
  @Test
  void aListIsTwoWaitsAndFourWhenASessionHadEnded() {
    SessionToken token = loggedIn(here, "ada");
    proxy.reset();
    assertThat(here.users().of("ada")).hasSize(1);
    assertThat(proxy.waits()).as("index, session").isEqualTo(2);

    REDIS.command("DEL", "holdfast:shop:{" + token.locator() + "}");
    aMinuteAgo(indexKeys().get(0), token);
    proxy.reset();
    assertThat(here.users().of("ada")).isEmpty();
    assertThat(proxy.waits()).as("index, session, whether it is gone, removal").isEqualTo(4);
  }

  /** Else every login of a service account would pay for all its sessions. */
  @Test
  void loginsLookForDeadSessionsEachTimeTheirNumberHasDoubled() {
    loggedIn(here, "robot");
    List<Integer> pieces = Collections.synchronizedList(new ArrayList<>());
    SessionManager asking = askingAloud(pieces);

    fillUpTo(191);
    loggedIn(asking, "robot");
    assertThat(members()).hasSize(192);
    assertThat(pieces).isEmpty();

    fillUpTo(255);
    loggedIn(asking, "robot");
    assertThat(pieces).containsExactly(64, 64, 64, 64);
    asking.close();
  }

  private static void fillUpTo(int count) {
    SecureRandom random = new SecureRandom();
    for (int i = members().size(); i < count; i++) {
      String locator = SessionToken.create(random).locator();
      REDIS.command("ZADD", indexKeys().get(0), Instant.now().toEpochMilli(), locator);
    }
  }

  /** A node that notes how many sessions it asks for at once. */
  private static SessionManager askingAloud(List<Integer> pieces) {
    Settings settings = TestSettings.of(REDIS.uri(), "redis.timeout", "5s");
    SessionStore real = TestNodes.store(settings);
    SessionStore noting =
        (SessionStore)
            Proxy.newProxyInstance(
                UserSessionsTest.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxied, method, arguments) -> {
                  if (method.getName().equals("describe")) {
                    pieces.add(((Collection<?>) arguments[0]).size());
                  }
                  return method.invoke(real, arguments);
                });
    return TestNodes.over(noting, settings);
  }

  @Test
  void aUserEndsOnlySessionsOfTheirOwn() {
    SessionToken ada = loggedIn(here, "ada");
    SessionToken bob = loggedIn(here, "bob");

    assertThat(there.users().endOf("ada", bob.locator(), "test")).isFalse();
    assertThat(answers(bob)).isTrue();
    assertThat(there.users().endOf("ada", ada.locator(), "test")).isTrue();
    assertThat(answers(ada)).isFalse();
    assertThat(there.users().endOf("ada", ada.locator(), "test")).isFalse();
  }

  /** I15: index ⊇ live sessions of the user; a killed user has none. */
  @Test
  void noLiveSessionIsMissingAndAKilledUserHasNone() throws Exception {
    for (int round = 0; round < (FULL ? 40 : 6); round++) {
      String user = "user" + round;
      List<Callable<SessionToken>> logins = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        SessionManager node = i % 2 == 0 ? here : there;
        boolean knownBefore = i % 3 == 0;
        logins.add(
            () -> {
              SessionToken token =
                  knownBefore ? logIn(node, anonymous(node), user) : loggedIn(node, user);
              if (token != null && ThreadLocalRandom.current().nextInt(4) == 0) {
                Session session = node.join(token).session();
                if (session != null) {
                  node.invalidate(session);
                  node.release(session);
                }
              }
              return token;
            });
      }
      List<SessionToken> tokens = atOnce(logins);
      List<String> live =
          tokens.stream()
              .filter(UserSessionsTest::answers)
              .map(SessionToken::publicId)
              .sorted()
              .toList();
      assertThat(idsOf(user).stream().sorted()).containsExactlyElementsOf(live);

      here.users().endAll(user, null, "test");

      assertThat(tokens).noneMatch(UserSessionsTest::answers);
      assertThat(idsOf(user)).isEmpty();
    }
  }

  private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    CyclicBarrier start = new CyclicBarrier(tasks.size());
    try {
      List<Future<T>> results = new ArrayList<>();
      for (Callable<T> task : tasks) {
        results.add(
            threads.submit(
                () -> {
                  start.await(30, TimeUnit.SECONDS);
                  return task.call();
                }));
      }
      List<T> all = new ArrayList<>();
      for (Future<T> result : results) {
        T value = result.get(60, TimeUnit.SECONDS);
        if (value != null) {
          all.add(value);
        }
      }
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  // The limit

  @Test
  void theOldestLoginEndsWhenThereIsOneTooMany() {
    SessionManager limited = node(REDIS.uri(), "sessions.per-user", "2");
    SessionToken first = loggedIn(limited, "ada");
    SessionToken second = loggedIn(limited, "ada");
    SessionToken third = loggedIn(limited, "ada");

    assertThat(answers(first)).isFalse();
    assertThat(answers(second)).isTrue();
    assertThat(answers(third)).isTrue();
    assertThat(idsOf("ada")).containsExactly(second.publicId(), third.publicId());
    assertThat(COUNTED).contains(Counter.ENDED_FOR_LIMIT);
    loggedIn(limited, "bob");
    assertThat(answers(second)).isTrue();
    limited.close();
  }

  @Test
  void aLoginTooManyIsRefusedUntilThereIsRoom() {
    SessionManager limited =
        node(REDIS.uri(), "sessions.per-user", "2", "sessions.per-user.policy", "refuse");
    SessionToken first = loggedIn(limited, "ada");
    SessionToken second = loggedIn(limited, "ada");
    SessionToken anonymous = anonymous(limited);

    assertThat(logIn(limited, anonymous, "ada")).isNull();

    assertThat(COUNTED).contains(Counter.LOGIN_REFUSED);
    Session still = limited.join(anonymous).session();
    assertThat(still).as("the session is as it was").isNotNull();
    assertThat(still.login()).isNull();
    limited.release(still);
    assertThat(answers(first)).isTrue();
    assertThat(answers(second)).isTrue();

    limited.users().end(first.locator(), "test");
    assertThat(logIn(limited, anonymous, "ada")).isNotNull();
    limited.close();
  }

  @Test
  void aPlaceOfADeadSessionIsFree() {
    SessionManager limited =
        node(REDIS.uri(), "sessions.per-user", "1", "sessions.per-user.policy", "refuse");
    SessionToken lost = loggedIn(limited, "ada");
    REDIS.command("DEL", "holdfast:shop:{" + lost.locator() + "}");
    aMinuteAgo(indexKeys().get(0), lost);

    SessionToken next = loggedIn(limited, "ada");

    assertThat(answers(next)).isTrue();
    limited.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"refuse", "end-oldest"})
  void ofTwentyLoginsAtOnceNeverMoreThanThreeAnswer(String policy) throws Exception {
    SessionManager one =
        node(REDIS.uri(), "sessions.per-user", "3", "sessions.per-user.policy", policy);
    SessionManager two =
        node(REDIS.uri(), "sessions.per-user", "3", "sessions.per-user.policy", policy);
    for (int round = 0; round < (FULL ? 30 : 4); round++) {
      REDIS.flush();
      String user = "user" + round;
      // With a key every session has that field, so all of them have to have a user.
      boolean fresh = TestSettings.ENCRYPTED || round % 2 == 0;
      List<Callable<SessionToken>> logins = new ArrayList<>();
      Queue<SessionToken> tokens = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < 20; i++) {
        SessionManager node = i % 2 == 0 ? one : two;
        logins.add(
            () -> {
              SessionToken token =
                  fresh ? tryLoggedIn(node, user) : logIn(node, anonymous(node), user);
              if (token != null) {
                tokens.add(token);
              }
              assertThat(loggedInNow()).isLessThanOrEqualTo(3);
              return token;
            });
      }
      atOnce(logins);

      assertThat(tokens.stream().filter(UserSessionsTest::answers)).hasSize(3);
      assertThat(idsOf(user)).hasSize(3);
      assertThat(loggedInNow()).isEqualTo(3);
    }
    one.close();
    two.close();
  }

  /** How many sessions have a user, all at one moment. */
  private static long loggedInNow() {
    String count =
        "local n = 0 for _, key in ipairs(redis.call('KEYS', 'holdfast:shop:{*')) do"
            + " n = n + redis.call('HEXISTS', key, 'm:u') end return n";
    return (Long) REDIS.command("EVAL", count, "0");
  }

  private static SessionToken tryLoggedIn(SessionManager node, String user) {
    Session session = node.create(HALF_HOUR);
    session.login(login(user));
    try {
      return node.commit(session) == Commit.SAVED ? session.token() : null;
    } catch (SessionConflictException e) {
      return null;
    } finally {
      node.release(session);
    }
  }
}
