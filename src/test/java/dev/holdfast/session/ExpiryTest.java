package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.Stamp;
import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that nobody asks for any more: told once, by one node, whole. */
class ExpiryTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  /** An application of its own for each test, which no other test's node sweeps. */
  private final String app = "expiry-" + APPLICATIONS.incrementAndGet();

  private final Queue<Counter> counted = new ConcurrentLinkedQueue<>();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final List<SessionManager> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(SessionManager::close);
  }

  private Settings settings() {
    return TestSettings.of(
        REDIS.uri(), "app", app, "expiry.interval", "100ms", "redis.timeout", "5s");
  }

  private SessionManager sweeping(Telling events) {
    SessionManager node = TestNodes.sweeping(settings(), counted::add, events);
    nodes.add(node);
    return node;
  }

  private SessionManager node(Telling events) {
    SessionManager node = TestNodes.manager(settings(), counted::add, events);
    nodes.add(node);
    return node;
  }

  private static Session stored(SessionManager node, Duration interval, Object value) {
    Session session = node.create(interval);
    session.attribute("a", value);
    node.commit(session);
    node.release(session);
    return session;
  }

  private void expireAll() {
    REDIS.command(
        "EVAL",
        """
        local now = redis.call('TIME')[1] * 1000
        for _, key in ipairs(redis.call('KEYS', 'holdfast:' .. ARGV[1] .. ':{*')) do
          local at = string.format('%.0f', now + 299000)
          local times = redis.call('HGET', key, 'm:x')
          redis.call('HSET', key, 'm:x', (string.gsub(times, '^%d+', at)))
          redis.call('PEXPIREAT', key, at)
        end
        for _, key in ipairs(redis.call('KEYS', 'holdfast:' .. ARGV[1] .. ':expiry:*')) do
          for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
            redis.call('ZADD', key, string.format('%.0f', now), member)
          end
        end
        """,
        0,
        app);
  }

  private List<String> keys() {
    return REDIS.keys().stream().filter(key -> key.startsWith("holdfast:" + app + ":")).toList();
  }

  @Test
  void aSessionThatNobodyAsksForAgainIsToldWithItsAttributesAndItsValuesAreUnbound() {
    SessionManager node = sweeping(new Telling("one"));
    Session session = stored(node, SECOND, new Value("red"));

    await().until(() -> told.size() == 3);

    assertThat(told)
        .containsExactly(
            "one destroyed " + session.id() + " a=red on holdfast-sweeper",
            "one unbound red valid=false",
            "one removed red");
    assertThat(keys()).isEmpty();
    assertThat(counted).containsOnlyOnce(Counter.EXPIRED);
  }

  @Test
  void theSessionsOfANodeThatIsGoneAreToldByAnother() {
    SessionManager gone = node(new Telling("gone"));
    Session session = stored(gone, SECOND, new Value("red"));
    gone.close();
    told.clear();
    SessionManager survivor = sweeping(new Telling("survivor"));

    await().until(() -> told.size() == 3);
    assertThat(told)
        .startsWith("survivor destroyed " + session.id() + " a=red on holdfast-sweeper");
    assertThat(survivor.join(session.token())).isEqualTo(Join.NOTHING);
    assertThat(told).hasSize(3);
  }

  @Test
  void theSweepingNodeTellsOfItsOwnObjectsIncludingWhatOnlyItHad() {
    SessionManager node = sweeping(new Telling("one"));
    Value mine = new Value("mine");
    Value stuck = new StuckValue("stuck");
    Session session = node.create(SECOND);
    session.attribute("a", mine);
    session.attribute("s", stuck);
    node.commit(session);
    node.release(session);

    await().until(() -> told.size() == 5);
    assertThat(mine.unbound).hasValue(1);
    assertThat(stuck.unbound).hasValue(1);
  }

  @Test
  void thousandsThatEndAtOnceAreToldOnceEachByNodesThatShareTheWork() throws Exception {
    boolean full = Boolean.getBoolean("holdfast.full");
    int sessions = full ? 100_000 : 2_000;
    fill(sessions);
    expireAll();
    List<String> ids = Collections.synchronizedList(new ArrayList<>());
    long before = executed();
    long start = System.nanoTime();
    for (String name : List.of("one", "two")) {
      sweeping(
          new Telling(name) {
            @Override
            public void destroyed(Session session) {
              assertThat(session.attribute("a")).isNull();
              ids.add(name + session.id());
            }
          });
    }
    await().atMost(Duration.ofMinutes(4)).until(() -> ids.size() >= sessions);
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    long commands = executed() - before;
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);

    System.out.printf(
        "%d sessions that ended at once were told in %d ms, %d commands%n",
        sessions, millis, commands);
    assertThat(ids.stream().map(id -> id.substring(3))).hasSize(sessions).doesNotHaveDuplicates();
    assertThat(ids).anyMatch(id -> id.startsWith("one")).anyMatch(id -> id.startsWith("two"));
    assertThat(keys()).isEmpty();
    // 11 for a session, 8 for a batch of 100, and what two nodes ask while nothing is due.
    assertThat(commands)
        .as("those inside scripts included")
        .isLessThan(sessions * 11L + sessions / 100 * 8L + 5_000);
  }

  /** Commands that clients sent; what scripts call is counted with them. */
  private static long executed() {
    return Long.parseLong(REDIS.info("stats", "total_commands_processed"));
  }

  private void fill(int sessions) {
    try (RedisSessionStore store = new RedisSessionStore(settings())) {
      store.ensureAvailable();
      IntStream.range(0, sessions)
          .parallel()
          .forEach(
              i -> {
                SessionToken token = SessionToken.create(RANDOM);
                store.create(
                    new NewSession(
                        token.locator(),
                        token.secretHash(),
                        Stamp.first(RANDOM),
                        store.now(),
                        HALF_HOUR,
                        null,
                        null,
                        Map.of()));
              });
    }
  }

  @Test
  void aNodeWithoutAListenerLeavesSessionsToThoseThatHaveOne() {
    SessionManager old =
        sweeping(
            new Telling("old") {
              @Override
              public boolean endsObserved() {
                return false;
              }
            });
    Session session = stored(old, HALF_HOUR, new Value("red"));
    expireAll();
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    assertThat(told).isEmpty();

    sweeping(new Telling("new"));
    await().until(() -> told.size() == 3);
    assertThat(told).startsWith("new destroyed " + session.id() + " a=red on holdfast-sweeper");
  }

  @Test
  void theNextSessionOfTheSameUserIsLeftAlone() {
    SessionManager node = sweeping(new Telling("one"));
    Session session = stored(node, SECOND, "red");
    await().until(() -> told.size() == 2);
    Session next = stored(node, HALF_HOUR, "blue");
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);

    assertThat(told).hasSize(2);
    assertThat(node.join(session.token())).isEqualTo(Join.NOTHING);
    assertThat(node.join(next.token()).session()).isNotNull();
  }

  @Test
  void anIntervalMayBeReducedAndIncreasedAndEndlessAndFiniteAgain() {
    SessionManager node = sweeping(new Telling("one"));
    Session reduced = changed(node, Duration.ofSeconds(Integer.MAX_VALUE), SECOND);
    Session mortal = changed(node, Duration.ofSeconds(-1), SECOND);
    Session back = changed(node, SECOND, Duration.ZERO, SECOND);
    Session increased = changed(node, SECOND, HALF_HOUR);
    Session immortal = changed(node, SECOND, Duration.ofSeconds(-1));
    Session huge = changed(node, SECOND, Duration.ofSeconds(Integer.MAX_VALUE));

    await().until(() -> told.size() >= 6);
    await().pollDelay(Duration.ofMillis(1_300)).until(() -> true);
    assertThat(told.stream().filter(event -> event.contains("destroyed")))
        .containsExactlyInAnyOrder(
            "one destroyed " + reduced.id() + " a=red on holdfast-sweeper",
            "one destroyed " + mortal.id() + " a=red on holdfast-sweeper",
            "one destroyed " + back.id() + " a=red on holdfast-sweeper");
    for (Session session : List.of(increased, immortal, huge)) {
      assertThat(node.join(session.token()).session()).isNotNull();
    }
  }

  /** Who does not get the answer of a sweep, on a busy machine, withholds it for half a minute. */
  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(45));
  }

  private static Session changed(SessionManager node, Duration first, Duration... later) {
    Session session = stored(node, first, "red");
    for (Duration interval : later) {
      node.retain(session, true);
      session.maxInactiveInterval(interval);
      node.commit(session);
      node.release(session);
    }
    return session;
  }

  @Test
  void aValueThatFailsWhenUnboundKeepsNoSessionAliveAndTheNextOneIsToldToo() {
    SessionManager node =
        sweeping(
            new Telling("one") {
              @Override
              public void valueUnbound(Session session, String name, Object value) {
                super.valueUnbound(session, name, value);
                throw new IllegalStateException("as was asked for");
              }
            });
    Session first = stored(node, SECOND, new Value("red"));
    await().until(() -> told.size() == 3);
    stored(node, SECOND, new Value("blue"));
    await().until(() -> told.size() == 6);

    assertThat(node.join(first.token())).isEqualTo(Join.NOTHING);
    assertThat(keys()).isEmpty();
  }

  @Test
  void listenersRunWithTheApplicationsClassLoader() {
    List<ClassLoader> seen = Collections.synchronizedList(new ArrayList<>());
    SessionManager node =
        sweeping(
            new Telling("one") {
              @Override
              public void destroyed(Session session) {
                seen.add(Thread.currentThread().getContextClassLoader());
              }
            });
    stored(node, SECOND, "red");
    await().until(() -> !seen.isEmpty());
    assertThat(seen).containsExactly(TestNodes.class.getClassLoader());
  }

  @Test
  void aValueSetWhileTheSessionExpiresIsBoundAndUnboundOnceEach() throws Exception {
    SessionManager node = node(new Telling("one"));
    for (int i = 0; i < 100; i++) {
      Value value = new Value("raced");
      Session session = stored(node, HALF_HOUR, "red");
      node.retain(session, true);
      both(() -> session.attribute("b", value), () -> node.end(session.locator()));
      node.release(session);
      assertThat(value.unbound.get()).as("round " + i).isEqualTo(value.bound.get());
    }
  }

  @Test
  void whoeverEndsItWhileItsNodeFindsItGoneItIsToldOnce() throws Exception {
    SessionManager node = node(new Telling("one"));
    for (int i = 0; i < 300; i++) {
      told.clear();
      Session session = stored(node, HALF_HOUR, "red");
      boolean invalidates = i % 2 == 0;
      SessionToken token = session.token();
      Session held = node.join(token).session();
      both(
          () -> {
            if (invalidates) {
              node.invalidate(held);
            } else {
              node.end(token.locator());
            }
          },
          () -> {
            for (int look = 0; look < 5; look++) {
              Session found = node.join(token).session();
              if (found != null) {
                node.release(found);
              }
            }
          });
      node.release(held);
      assertThat(told.stream().filter(event -> event.contains("destroyed")))
          .as("round " + i)
          .hasSize(1);
    }
  }

  private static void both(Runnable one, Runnable other) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> at(start, one));
    CompletableFuture<Void> second = CompletableFuture.runAsync(() -> at(start, other));
    first.exceptionally(e -> null).get();
    second.exceptionally(e -> null).get();
  }

  private static void at(CyclicBarrier start, Runnable action) {
    try {
      start.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    action.run();
  }

  /** Knows how often it was bound and unbound. */
  static class Value implements Serializable {
    private static final long serialVersionUID = 1L;
    final String name;
    final transient AtomicInteger bound = new AtomicInteger();
    final transient AtomicInteger unbound = new AtomicInteger();

    Value(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Cannot be stored. */
  static final class StuckValue extends Value {
    private static final long serialVersionUID = 1L;
    final Thread thread = Thread.currentThread();

    StuckValue(String name) {
      super(name);
    }
  }

  /** Writes down what it is told. */
  private class Telling implements SessionEvents {
    private final String node;

    Telling(String node) {
      this.node = node;
    }

    @Override
    public boolean isOfContainer(Object value) {
      return false;
    }

    @Override
    public boolean endsObserved() {
      return true;
    }

    @Override
    public boolean attributesObserved() {
      return true;
    }

    @Override
    public boolean isBindingListener(Object value) {
      return value instanceof Value;
    }

    @Override
    public boolean isActivationListener(Object value) {
      return false;
    }

    @Override
    public void created(Session session) {}

    @Override
    public void destroyed(Session session) {
      told.add(
          node
              + " destroyed "
              + session.id()
              + " a="
              + session.attribute("a")
              + " on "
              + Thread.currentThread().getName());
    }

    @Override
    public void idChanged(Session session, String oldId) {}

    @Override
    public void attributeAdded(Session session, String name, Object value) {}

    @Override
    public void attributeReplaced(Session session, String name, Object oldValue) {}

    @Override
    public void attributeRemoved(Session session, String name, Object oldValue) {
      told.add(node + " removed " + oldValue);
    }

    @Override
    public void valueBound(Session session, String name, Object value) {
      AtomicInteger bound = ((Value) value).bound;
      if (bound != null) {
        bound.incrementAndGet();
      }
    }

    @Override
    public void valueUnbound(Session session, String name, Object value) {
      AtomicInteger unbound = ((Value) value).unbound;
      if (unbound != null) {
        unbound.incrementAndGet();
      }
      told.add(node + " unbound " + value + " valid=" + session.isValid());
    }

    @Override
    public void willPassivate(Session session, Object value) {}

    @Override
    public void didActivate(Session session, Object value) {}
  }
}
