package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code cache=tracking}: what a node reads without asking, and that it asks once there is news, or
 * once there may be news that has not come.
 */
class TrackingTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);

  /** Long enough for a machine that is busy with other tests. */
  private static final String PATIENT = "30s";

  private RedisServer redis = RedisServer.start();
  private @Nullable FaultProxy proxy;
  private @Nullable TrackingNode here;
  private @Nullable TrackingNode there;

  /** A node that has Redis tell of changes. */
  private static final class TrackingNode implements AutoCloseable {
    final Measurements measured = new Measurements();
    final SessionManager manager;

    TrackingNode(String uri, String... more) {
      List<String> all =
          new ArrayList<>(
              List.of(
                  "cache",
                  "tracking",
                  "cache.lag",
                  PATIENT,
                  "redis.timeout",
                  "2s",
                  "expiry.interval",
                  "2m"));
      all.addAll(List.of(more));
      Settings settings = TestSettings.of(uri, all.toArray(String[]::new));
      ClassLoader loader = TrackingTest.class.getClassLoader();
      RedisSessionStore store =
          new RedisSessionStore(settings, SecurityEvents.logging(), loader, measured);
      manager = TestNodes.measured(store, settings, measured);
    }

    SessionToken made(String name, Object value) {
      Session session = manager.create(HALF_HOUR);
      session.attribute(name, value);
      assertThat(manager.commit(session)).isEqualTo(Commit.SAVED);
      manager.release(session);
      return session.token();
    }

    @Nullable Object read(SessionToken token, String name) {
      Session session = manager.join(token).session();
      if (session == null) {
        return "no session";
      }
      Object value = session.attribute(name);
      assertThat(manager.commit(session)).isEqualTo(Commit.UNCHANGED);
      manager.release(session);
      return value;
    }

    Commit set(SessionToken token, String name, Object value) {
      Session session = requireNonNull(manager.join(token).session());
      session.attribute(name, value);
      Commit commit = manager.commit(session);
      manager.release(session);
      return commit;
    }

    /** Reads until Redis has promised to tell of the next change. */
    void settle(SessionToken token) {
      await()
          .until(
              () -> {
                long before = tracked();
                Object unused = read(token, "color");
                return tracked() > before;
              });
    }

    long tracked() {
      return measured.value(Counter.COPY_TRACKED);
    }

    /** Whether it reads once without asking. */
    boolean knows(SessionToken token) {
      long before = tracked();
      Object unused = read(token, "color");
      return tracked() > before;
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private void nodes(String... more) {
    here = new TrackingNode(redis.uri(), more);
    there = new TrackingNode(redis.uri(), more);
  }

  private TrackingNode here() {
    return requireNonNull(here);
  }

  private TrackingNode there() {
    return requireNonNull(there);
  }

  /** The first node's way to Redis can be disturbed. */
  private FaultProxy nodesWithAProxy(String... more) {
    FaultProxy between = new FaultProxy(redis.port());
    proxy = between;
    here = new TrackingNode(between.uri(), more);
    there = new TrackingNode(redis.uri());
    return between;
  }

  @AfterEach
  void close() {
    for (TrackingNode node : new TrackingNode[] {here, there}) {
      if (node != null) {
        node.close();
      }
    }
    if (proxy != null) {
      proxy.close();
    }
    redis.close();
  }

  @ParameterizedTest
  @EnumSource
  void repeatedReadsAskRedisNothing(RedisServer.Binary binary) {
    redis.close();
    redis = RedisServer.start(binary);
    nodes();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    try (RedisMonitor monitor = new RedisMonitor(redis)) {
      for (int i = 0; i < 1000; i++) {
        assertThat(here().read(token, "color")).isEqualTo("red");
      }
      assertThat(monitor.commands()).isEmpty();
    }
  }

  @Test
  void eachChangeElsewhereIsSeen() {
    nodes();
    SessionToken token = here().made("color", "red");
    for (int i = 0; i < 200; i++) {
      here().settle(token);
      assertThat(there().set(token, "color", i)).isEqualTo(Commit.SAVED);
      int wanted = i;
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> here().read(token, "color"), found -> found.equals(wanted));
    }
  }

  @Test
  void aChangeOfItsOwnIsReadAtOnceAndTrackedAgainByTheNextQuestion() {
    nodes();
    SessionToken token = here().made("color", "red");
    for (int i = 0; i < 200; i++) {
      here().settle(token);
      here().set(token, "color", i);
      assertThat(here().read(token, "color")).isEqualTo(i);
    }
  }

  /** What is let in by old news is no reason to take a value for stored. */
  @Test
  void aValueThatIsEqualByOldNewsIsSaved() {
    FaultProxy way = nodesWithAProxy();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    way.latency(Duration.ofMillis(300));
    there().set(token, "color", "blue");

    // The news is under way.
    assertThat(here().set(token, "color", "red")).isEqualTo(Commit.SAVED);

    way.heal();
    assertThat(there().read(token, "color")).isEqualTo("red");
  }

  /** A page behind a login is joined early, and then again. */
  @Test
  void aValueThatIsEqualByOldNewsIsSavedAlsoByARequestThatJoinedTwice() {
    FaultProxy way = nodesWithAProxy();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    way.latency(Duration.ofMillis(300));
    there().set(token, "color", "blue");

    SessionManager node = here().manager;
    Join early = node.join(token, false);
    node.release(requireNonNull(early.session()));
    Session session = requireNonNull(node.joinAgain(token, early, true).session());
    session.attribute("color", "red");
    assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
    node.release(session);

    way.heal();
    assertThat(there().read(token, "color")).isEqualTo("red");
  }

  /** Nothing is written where nothing has changed, and one question tells that. */
  @Test
  void aValueThatIsEqualIsNotWritten() {
    nodes();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    try (RedisMonitor monitor = new RedisMonitor(redis)) {
      assertThat(here().set(token, "color", "red")).isEqualTo(Commit.UNCHANGED);
      assertThat(monitor.commands()).containsExactly("CLIENT", "HMGET", "PTTL");
      assertThat(here().knows(token)).isTrue();
    }
  }

  @Test
  void anEndElsewhereIsHeardOf() {
    nodes();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    Session session = requireNonNull(there().manager.join(token).session());
    there().manager.invalidate(session);
    await().until(() -> here().read(token, "color"), "no session"::equals);
  }

  @Test
  void anEndHereIsKnownAtOnce() {
    nodes();
    for (int i = 0; i < 100; i++) {
      SessionToken token = here().made("color", "red");
      here().settle(token);
      here().manager.invalidate(requireNonNull(here().manager.join(token).session()));
      assertThat(here().read(token, "color")).isEqualTo("no session");
    }
  }

  /** Old news turns nobody away: the new id of a login elsewhere opens the session here. */
  @Test
  void aLoginElsewhereIsBelievedBeforeTheNewsOfIt() {
    FaultProxy way = nodesWithAProxy();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    way.latency(Duration.ofMillis(300));
    Session session = requireNonNull(there().manager.join(token).session());
    there().manager.rotate(session);
    session.login(new Login("Ann", null, Set.of(), true));
    assertThat(there().manager.commit(session)).isEqualTo(Commit.SAVED);
    there().manager.release(session);

    assertThat(here().read(session.token(), "color")).isEqualTo("red");
    assertThat(here().read(token, "color")).as("the old id").isEqualTo("no session");
  }

  @Test
  void aTouchElsewhereIsAChange() {
    nodes("touch.interval", "1s");
    SessionToken token = here().made("color", "red");
    here().settle(token);
    there().read(token, "color");
    await().until(() -> !here().knows(token));
  }

  @Test
  void aSilentRedisIsAskedOnceItsLastSignOfLifeIsTooOld() {
    FaultProxy way = nodesWithAProxy("cache.lag", "500ms", "redis.timeout", "20s");
    SessionToken token = here().made("color", "red");
    here().settle(token);
    way.pause();
    there().set(token, "color", "blue");

    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> {
              Object seen =
                  CompletableFuture.supplyAsync(() -> here().read(token, "color"))
                      .completeOnTimeout("waits", 1, TimeUnit.SECONDS)
                      .join();
              return "waits".equals(seen);
            });
    way.heal();
    await().until(() -> here().read(token, "color"), "blue"::equals);
  }

  @Test
  void aQuestionThatNobodyWaitsForKeepsABusyNodeFromAsking() throws Exception {
    nodes("cache.lag", "400ms");
    SessionToken token = here().made("color", "red");
    here().settle(token);
    long asked = redis.calls("hmget");
    for (int i = 0; i < 100; i++) {
      here().read(token, "color");
      Thread.sleep(20);
    }
    long repeated = redis.calls("hmget") - asked;
    assertThat(repeated).as("questions in two seconds").isLessThan(5);
  }

  @Test
  void aLostConnectionTakesItsPromisesAlong() {
    FaultProxy way = nodesWithAProxy();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    way.down(true);
    there().set(token, "color", "blue");
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> here().read(token, "color"))
                    .isInstanceOf(SessionStoreUnavailableException.class));
    way.heal();
    await().ignoreExceptions().until(() -> here().read(token, "color"), "blue"::equals);
  }

  @Test
  void anEmptiedRedisIsNoticed() {
    nodes();
    SessionToken token = here().made("color", "red");
    here().settle(token);
    redis.flush();
    await().until(() -> here().read(token, "color"), "no session"::equals);
  }

  /** The key stays for a grace, so Redis has nothing to tell; and no touch is due. */
  @Test
  void aSessionWhoseTimeIsOverIsNotLetIn() {
    nodes("absolute.timeout", "3s");
    SessionToken token = here().made("color", "red");
    here().settle(token);
    assertThat(here().knows(token)).isTrue();
    await().until(() -> here().read(token, "color"), "no session"::equals);
  }

  private static String key(SessionToken token) {
    return "holdfast:shop:{" + token.locator() + "}";
  }

  /** A server that remembers few keys takes back what it has promised, and says so. */
  @Test
  void aServerThatForgetsTellsOfIt() {
    redis.close();
    redis = RedisServer.start("--tracking-table-max-keys", "5");
    nodes();
    List<SessionToken> tokens = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      SessionToken token = here().made("color", "red");
      here().settle(token);
      tokens.add(token);
    }
    for (int i = 0; i < tokens.size(); i++) {
      there().set(tokens.get(i), "color", i);
    }
    for (int i = 0; i < tokens.size(); i++) {
      SessionToken token = tokens.get(i);
      int wanted = i;
      await().until(() -> here().read(token, "color"), found -> found.equals(wanted));
    }
  }

  @Test
  void aServerThatMayNotTellIsAskedEachTime() {
    redis.close();
    redis = RedisServer.startWithUsers();
    here = new TrackingNode(redis.uri("holdfast"));
    there = new TrackingNode(redis.uri("holdfast-tracking"));
    SessionToken token = here().made("color", "red");
    for (int i = 0; i < 10; i++) {
      assertThat(here().knows(token)).isFalse();
    }
    there().settle(token);
    here().set(token, "color", "blue");
    await().until(() -> there().read(token, "color"), "blue"::equals);
  }

  /** In RESP2 Redis promises to tell, and cannot. */
  @Test
  void aServerThatOnlySpeaksResp2IsAskedEachTime() {
    redis.close();
    redis = RedisServer.start("--rename-command", "HELLO", "");
    nodes();
    SessionToken token = here().made("color", "red");
    for (int i = 0; i < 10; i++) {
      assertThat(here().knows(token)).isFalse();
    }
    there().set(token, "color", "blue");
    assertThat(here().read(token, "color")).isEqualTo("blue");
  }

  @Test
  void aSlotThatMovesTakesItsPromisesAlong() {
    try (RedisCluster cluster = RedisCluster.start();
        TrackingNode one = new TrackingNode(cluster.uri(), "redis.timeout", "5s");
        TrackingNode two = new TrackingNode(cluster.uri(), "redis.timeout", "5s")) {
      SessionToken token = one.made("color", "red");
      String key = key(token);
      for (int i = 0; i < 10; i++) {
        one.settle(token);
        RedisServer from = cluster.ownerOf(key);
        RedisServer to =
            cluster.primaries().stream().filter(server -> server != from).findAny().orElseThrow();
        CompletableFuture<Void> move =
            CompletableFuture.runAsync(() -> cluster.move(cluster.slotOf(key), from, to));
        two.set(token, "color", i);
        move.join();
        int wanted = i;
        await().until(() -> one.read(token, "color"), found -> found.equals(wanted));
      }
    }
  }

  @Test
  void aFailoverTakesItsPromisesAlong() {
    try (SentinelServers group = SentinelServers.start(1);
        TrackingNode one = new TrackingNode(group.uri(), "redis.timeout", "5s");
        TrackingNode two = new TrackingNode(group.uri(), "redis.timeout", "5s")) {
      SessionToken token = one.made("color", "red");
      one.settle(token);
      RedisServer old = group.primary();
      old.awaitReplicas(1);
      group.failover();
      group.awaitOtherThan(old);
      await().ignoreExceptions().until(() -> two.set(token, "color", "blue") == Commit.SAVED);
      await().ignoreExceptions().until(() -> one.read(token, "color"), "blue"::equals);
      one.settle(token);
    }
  }
}
