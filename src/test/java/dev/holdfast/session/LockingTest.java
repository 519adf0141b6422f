package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.Timing;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.store.SessionLocks;
import dev.holdfast.store.SessionLocks.Ticket;
import dev.holdfast.store.SessionStore;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of one session on two nodes that take turns. */
class LockingTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final AtomicInteger APPLICATIONS = new AtomicInteger();
  private static final String LEASE = "1500ms";

  private final String app = "locks-" + APPLICATIONS.incrementAndGet();
  private final CountingProxy proxy = new CountingProxy(REDIS.port());
  private final Measurements measured = new Measurements();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private SessionManager here;
  private SessionManager there;

  @BeforeEach
  void open() {
    here = node(proxy.uri(), measured, "8s");
    there = node(REDIS.uri(), new Measurements(), "8s");
    await().until(() -> REDIS.subscribers("holdfast:" + app + ":ended") == 2);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    proxy.heal();
    here.close();
    there.close();
    proxy.close();
  }

  private SessionManager node(String uri, Measurements metrics, String wait) {
    Settings settings = settings(uri, wait);
    RedisSessionStore store =
        new RedisSessionStore(
            settings, SecurityEvents.logging(), LockingTest.class.getClassLoader(), metrics);
    SessionManager manager = TestNodes.measured(store, settings, metrics);
    manager.watch(store.endedSessions(), null);
    return manager;
  }

  private Settings settings(String uri, String wait) {
    return TestSettings.of(
        uri,
        "app",
        app,
        "redis.timeout",
        "2s",
        "expiry.interval",
        "2m",
        "lock.paths",
        "/*",
        "lock.lease",
        LEASE,
        "lock.wait",
        wait);
  }

  private long counted(Counter counter) {
    return measured.value(counter);
  }

  private SessionToken created() {
    Session session = here.create(Duration.ofMinutes(30));
    session.attribute("basket", new ArrayList<>(List.of("first")));
    here.commit(session);
    here.release(session);
    return session.token();
  }

  /** One request that adds to the list in place. */
  private static void add(SessionManager node, SessionToken token, String what, boolean locked) {
    Join join = locked ? node.joinLocked(token, true) : node.join(token);
    Session session = requireNonNull(join.session());
    HeldLock lock = join.lock();
    try {
      basket(session).add(what);
      if (lock == null) {
        node.commit(session);
      } else {
        node.commit(session, true, lock, true);
      }
    } finally {
      node.release(session);
      if (lock != null) {
        node.unlock(lock);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static List<String> basket(Session session) {
    return (List<String>) requireNonNull(session.attribute("basket"));
  }

  private static List<String> basket(SessionManager node, SessionToken token) {
    Session session = requireNonNull(node.join(token).session());
    try {
      return List.copyOf(basket(session));
    } finally {
      node.release(session);
    }
  }

  private static void end(SessionManager node, Join join) {
    node.release(requireNonNull(join.session()));
    node.unlock(requireNonNull(join.lock()));
  }

  private int lost(boolean locked, int each) throws Exception {
    SessionToken token = created();
    List<Future<?>> running = new ArrayList<>();
    for (SessionManager node : List.of(here, there)) {
      String name = node == here ? "here" : "there";
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < each; i++) {
                  add(node, token, name + i, locked);
                }
                return null;
              }));
    }
    for (Future<?> one : running) {
      one.get(60, TimeUnit.SECONDS);
    }
    List<String> added = basket(there, token);
    assertThat(added).doesNotHaveDuplicates();
    assertThat(basket(here, token)).isEqualTo(added);
    return 1 + 2 * each - added.size();
  }

  @Test
  void nothingThatTwoNodesAddInPlaceIsLostWithTheLockAndMuchWithoutIt() throws Exception {
    int with = lost(true, 300);
    int without = lost(false, 300);
    System.out.printf(
        "added in place by 2 nodes: 600; lost with the lock %d, without %d%n", with, without);
    assertThat(with).isZero();
    assertThat(without).isPositive();
    assertThat(counted(Counter.LOCK_WAITED)).isPositive();
    assertThat(counted(Counter.LOCK_LOST)).isZero();
  }

  @Test
  void aFreeLockCostsNoWait() {
    SessionToken token = created();
    add(here, token, "more", false);
    long before = waits();
    add(here, token, "more", false);
    long plain = waits() - before;

    add(here, token, "more", true);

    assertThat(plain).isEqualTo(2);
    assertThat(waits() - before - plain).isEqualTo(2);
  }

  private long waits() {
    return measured.waits().values().stream().mapToLong(Timing::count).sum();
  }

  @Test
  void whoGetsTheLockSeesWhatTheOneBeforeSaved() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    Future<List<String>> second =
        threads.submit(
            () -> {
              Join join = there.joinLocked(token, true);
              List<String> seen = List.copyOf(basket(requireNonNull(join.session())));
              end(there, join);
              return seen;
            });
    await().until(() -> line(token).split(" ").length == 4);
    Session session = requireNonNull(first.session());
    basket(session).add("second");
    here.commit(session, true, requireNonNull(first.lock()), true);
    end(here, first);
    assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly("first", "second");
  }

  private String line(SessionToken token) {
    byte[] line = REDIS.hash("holdfast:" + app + ":{" + token.locator() + "}").get("m:l");
    return line == null ? "" : new String(line, US_ASCII);
  }

  /**
   * As when a redirect of a Cluster, a forgotten script or another connection has the lock come
   * after the read: the other node saves in between.
   */
  @Test
  void whatWasReadBeforeTheLockWasTakenIsReadAgain() {
    SessionToken token = created();
    Settings settings = settings(REDIS.uri(), "8s");
    SessionStore real = TestNodes.store(settings);
    CountDownLatch read = new CountDownLatch(1);
    SessionStore slow =
        (SessionStore)
            Proxy.newProxyInstance(
                LockingTest.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("locks")) {
                    return (SessionLocks)
                        (locator, secretHash) ->
                            late(real.locks().ticket(locator, secretHash), read, token);
                  }
                  Object result = method.invoke(real, arguments);
                  if (method.getName().equals("load")) {
                    read.countDown();
                  }
                  return result;
                });
    try (SessionManager node = TestNodes.over(slow, settings)) {
      Join join = node.joinLocked(token, true);
      assertThat(basket(requireNonNull(join.session()))).containsExactly("first", "in between");
      end(node, join);
    }
  }

  private Ticket late(Ticket real, CountDownLatch read, SessionToken token) {
    return (Ticket)
        Proxy.newProxyInstance(
            LockingTest.class.getClassLoader(),
            new Class<?>[] {Ticket.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("ask")) {
                return method.invoke(real, arguments);
              }
              return CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    add(there, token, "in between", true);
                    return real.ask((Duration) arguments[0]).join();
                  },
                  threads);
            });
  }

  @Test
  void requestsOfOneNodeComeInOrderAndTakeOnePlace() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    List<Integer> order = new CopyOnWriteArrayList<>();
    List<Future<?>> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      waiting.add(
          threads.submit(
              () -> {
                Join join = here.joinLocked(token, true);
                order.add(number);
                end(here, join);
              }));
      await().until(() -> gauge("RequestsInLine") == number + 1);
    }
    assertThat(line(token).split(" ")).hasSize(2);
    end(here, first);
    for (Future<?> one : waiting) {
      one.get(10, TimeUnit.SECONDS);
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4);
    await().until(() -> line(token).isEmpty());
  }

  private long gauge(String name) {
    return measured.gauges().stream()
        .filter(gauge -> gauge.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }

  @Test
  void whoWaitsTooLongIsSentAwayAndLeavesNoPlaceBehind() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    try (SessionManager hasty = node(REDIS.uri(), measured, "300ms")) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> hasty.joinLocked(token, true))
          .isInstanceOf(LockTimeoutException.class)
          .isInstanceOf(SessionStoreUnavailableException.class)
          .hasMessageContaining("lock.wait (300 ms)")
          .hasMessageContaining("nothing of the application ran")
          .hasMessageNotContaining(token.value());
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      await().until(() -> line(token).split(" ").length == 2);
    }
    assertThat(counted(Counter.LOCK_TIMEOUT)).isEqualTo(1);
    end(here, first);
    end(there, there.joinLocked(token, true));
  }

  @Test
  void oneMoreThanMayWaitIsSentAwayAtOnce() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    List<Future<Join>> waiting = new ArrayList<>();
    for (int i = 0; i < Gates.MAX_WAITING; i++) {
      waiting.add(threads.submit(() -> here.joinLocked(token, true)));
    }
    await().until(() -> gauge("RequestsInLine") == Gates.MAX_WAITING);
    long start = System.nanoTime();
    assertThatThrownBy(() -> here.joinLocked(token, true)).isInstanceOf(LockTimeoutException.class);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
    end(here, first);
    Set<Future<Join>> left = new HashSet<>(waiting);
    while (!left.isEmpty()) {
      Future<Join> next =
          await()
              .until(
                  () -> left.stream().filter(Future::isDone).findFirst().orElse(null),
                  f -> f != null);
      end(here, next.get());
      left.remove(next);
    }
  }

  @Test
  void aRequestLongerThanTheLeaseKeepsItsLock() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    Future<?> second = threads.submit(() -> add(there, token, "second", true));
    TimeUnit.MILLISECONDS.sleep(3500);
    assertThat(second.isDone()).isFalse();
    Session session = requireNonNull(first.session());
    basket(session).add("long");
    assertThat(here.commit(session, true, requireNonNull(first.lock()), true))
        .isEqualTo(Commit.SAVED);
    end(here, first);
    second.get(10, TimeUnit.SECONDS);
    assertThat(basket(here, token)).containsExactly("first", "long", "second");
    assertThat(counted(Counter.LOCK_LOST)).isZero();
  }

  /** As when the machine of a node stands still, or the network between it and Redis. */
  @Test
  void aRequestThatHasLostItsLockCanSaveNothingAndNorCanOneBesideIt() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    Session stale = requireNonNull(first.session());
    // A request outside of lock.paths, which shares the object.
    Session beside = requireNonNull(here.join(token).session());
    assertThat(beside).isSameAs(stale);
    basket(stale).add("too late");
    proxy.pause();
    add(there, token, "second", true);
    proxy.resume();
    proxy.heal();

    await().until(() -> isConnected());
    assertThatThrownBy(() -> here.commit(beside)).isInstanceOf(SessionConflictException.class);
    assertThatThrownBy(() -> here.commit(stale, true, requireNonNull(first.lock()), true))
        .isInstanceOf(SessionConflictException.class)
        .hasMessageContaining("lock.lease");
    end(here, first);
    // The lock is over, and the object is as stale as before.
    assertThatThrownBy(() -> here.commit(beside)).isInstanceOf(SessionConflictException.class);
    here.release(beside);

    assertThat(counted(Counter.LOCK_LOST)).isEqualTo(1);
    assertThat(basket(here, token)).containsExactly("first", "second");
    add(here, token, "third", true);
    assertThat(basket(there, token)).containsExactly("first", "second", "third");
  }

  private boolean isConnected() {
    try {
      boolean none = here.end(SessionToken.create(new SecureRandom()).locator());
      return !none;
    } catch (SessionStoreUnavailableException e) {
      return false;
    }
  }

  @Test
  void aLogoutElsewhereWaitsForNothingAndWhoWaitsFindsNoSession() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    Future<Join> second = threads.submit(() -> there.joinLocked(token, true));
    await().until(() -> line(token).split(" ").length == 4);

    assertThat(there.end(token.locator())).isTrue();

    Join after = second.get(5, TimeUnit.SECONDS);
    assertThat(after.session()).isNull();
    assertThat(after.lock()).isNull();
    end(here, first);
  }

  /** A token of the same session that nobody was given. */
  private static SessionToken wrongSecret(SessionToken token) {
    String text = token.value();
    int last = text.length() - 2;
    String other =
        text.substring(0, last) + (text.charAt(last) == 'A' ? 'B' : 'A') + text.charAt(last + 1);
    return requireNonNull(SessionToken.parse(other));
  }

  @Test
  void aWrongSecretNeitherWaitsNorHoldsUp() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    for (SessionManager node : List.of(here, there)) {
      Callable<Join> guess = () -> node.joinLocked(wrongSecret(token), true);
      Join refused = threads.submit(guess).get(3, TimeUnit.SECONDS);
      assertThat(refused.session()).isNull();
      assertThat(refused.lock()).isNull();
    }
    assertThat(line(token).split(" ")).hasSize(2);
    end(here, first);
  }

  @Test
  void theLastAccessIsThatOfTheRequestBeforeHoweverLongOneWaits() throws Exception {
    SessionToken token = created();
    Join first = here.joinLocked(token, true);
    Future<?> second =
        threads.submit(
            () -> {
              Join join = there.joinLocked(token, true);
              Session session = requireNonNull(join.session());
              assertThat(session.lastAccessedTime()).isBefore(requireNonNull(join.state()).now());
              end(there, join);
              return null;
            });
    TimeUnit.MILLISECONDS.sleep(1200);
    end(here, first);
    second.get(10, TimeUnit.SECONDS);
  }

  @Test
  void redisAwayIsNoLock() {
    SessionToken token = created();
    proxy.down(true);
    assertThatThrownBy(() -> here.joinLocked(token, true))
        .isInstanceOf(SessionStoreUnavailableException.class)
        .isNotInstanceOf(LockTimeoutException.class);
    proxy.down(false);
    await()
        .until(
            () -> {
              try {
                end(here, here.joinLocked(token, true));
                return true;
              } catch (SessionStoreUnavailableException e) {
                return false;
              }
            });
  }
}
