package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.session.SessionManager.Commit;
import dev.holdfast.store.SessionStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only one node has of a session, and another node ends it. */
class EndedElsewhereTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  private final String app = "ended-" + APPLICATIONS.incrementAndGet();
  private final CountingProxy proxy = new CountingProxy(REDIS.port());
  private SessionManager here;
  private SessionManager there;

  @BeforeEach
  void open() {
    Settings settings = settings(proxy.uri());
    RedisSessionStore store = new RedisSessionStore(settings);
    here = TestNodes.over(store, settings, new Binding());
    here.watch(store.endedSessions(), null, Duration.ofMillis(400));
    there = TestNodes.manager(settings(REDIS.uri()), counter -> {}, new Binding());
    await().until(() -> subscribers() == 1);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
    proxy.close();
  }

  private Settings settings(String uri) {
    return TestSettings.of(uri, "app", app, "redis.timeout", "5s");
  }

  private long subscribers() {
    List<?> reply = (List<?>) REDIS.command("PUBSUB", "NUMSUB", "holdfast:" + app + ":ended");
    return (Long) reply.get(1);
  }

  private Session stored(Socket socket) {
    Session session = here.create(HALF_HOUR);
    session.attribute("socket", socket);
    here.commit(session);
    return session;
  }

  private void endThere(Session session) {
    there.invalidate(there.join(session.token()).session());
  }

  @Test
  void isUnboundAtOnceAndWithTheSessionInvalid() {
    Socket socket = new Socket();
    Session session = stored(socket);
    here.release(session);

    endThere(session);

    await().atMost(Duration.ofMillis(350)).until(() -> socket.unbound.get() == 1);
    assertThat(socket.sessionWasInvalid).isTrue();
  }

  /** As in a container, where a logout beside a request ends the session that it uses. */
  @Test
  void isUnboundAndInvalidAtOnceForTheRequestsThatUseIt() {
    Socket socket = new Socket();
    Session session = stored(socket);
    endThere(session);

    await().atMost(Duration.ofMillis(350)).until(() -> socket.unbound.get() == 1);
    assertThat(socket.sessionWasInvalid).isTrue();
    assertInvalid(session);
    assertThat(here.commit(session)).isEqualTo(Commit.UNCHANGED);
    here.release(session);
    assertThat(socket.unbound).hasValue(1);
  }

  private static void assertInvalid(Session session) {
    assertThat(session.isValid()).isFalse();
    assertThatThrownBy(() -> session.attribute("user")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> session.attribute("user", "mallory"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::attributeNames).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::creationTime).isInstanceOf(IllegalStateException.class);
  }

  private Session storedFor(String user) {
    Session session = here.create(HALF_HOUR);
    session.attribute("user", user);
    here.commit(session);
    here.release(session);
    return session;
  }

  /** A WebSocket or a thread keeps the object; nothing of the session is on this node only. */
  @Test
  void anObjectThatNoRequestHoldsIsInvalidAtOnce() {
    Session held = storedFor("alice");
    assertThat(held.attribute("user")).isEqualTo("alice");
    endThere(held);

    await().atMost(Duration.ofMillis(350)).until(() -> !held.isValid());
    assertInvalid(held);
  }

  @Test
  void soAreAllObjectsOfASessionAlsoThoseThatLeftTheCache() {
    here.close();
    Settings settings =
        TestSettings.of(proxy.uri(), "app", app, "redis.timeout", "5s", "cache.size", "0");
    RedisSessionStore store = new RedisSessionStore(settings);
    here = TestNodes.over(store, settings, new Binding());
    here.watch(store.endedSessions(), null, Duration.ofMillis(400));
    await().until(() -> subscribers() == 1);
    Session first = storedFor("alice");
    Session second = here.join(first.token()).session();
    assertThat(second).isNotSameAs(first);

    endThere(first);
    await()
        .atMost(Duration.ofMillis(350))
        .untilAsserted(() -> assertThat(List.of(first, second)).noneMatch(Session::isValid));
    here.release(second);

    Session third = storedFor("bob");
    Session fourth = here.join(third.token()).session();
    here.invalidate(fourth);
    here.release(fourth);
    assertThat(List.of(third, fourth)).as("ended on this node").noneMatch(Session::isValid);
  }

  @Test
  void anObjectUsedOutsideOfRequestsIsLookedAfterWhenTheMessageWasLost() {
    Session held = storedFor("alice");
    here.usedOutside(held);
    proxy.refuse(true);
    proxy.disconnect();
    await().until(() -> subscribers() == 0);
    endThere(held);
    proxy.refuse(false);

    await().atMost(Duration.ofSeconds(15)).until(() -> !held.isValid());
  }

  /**
   * Each kind of change five times: all are stored, and what is no stall of the machine is fast.
   */
  @Test
  void whatIsChangedOutsideOfRequestsIsStoredWithin100Milliseconds() {
    Session held = storedFor("alice");
    Map<String, Long> fastest = new HashMap<>();
    for (int round = 0; round < 5; round++) {
      List<Object> cart = new ArrayList<>(List.of("anvil", round));
      String user = "bob" + round;
      fastest.merge(
          "set", stored(held, "cart", cart, () -> held.attribute("cart", cart)), Math::min);
      fastest.merge(
          "set an immutable",
          stored(held, "user", user, () -> held.attribute("user", user)),
          Math::min);
      fastest.merge(
          "removed", stored(held, "user", "none", () -> held.removeAttribute("user")), Math::min);
      fastest.merge(
          "changed in place",
          stored(
              held,
              "cart",
              List.of("anvil", round, "rocket"),
              () -> {
                Object unused = held.attribute("cart");
                cart.add("rocket");
              }),
          Math::min);
    }
    assertThat(fastest.values()).allMatch(millis -> millis <= 100);
  }

  /**
   * A thread that gets a value while a save is on its way back changes it in place: that the save
   * makes the session idle must not hide the change from the next one.
   */
  @Test
  void whatIsHandedOutWhileASaveEndsIsLookedAtByTheNext() {
    here.close();
    AtomicReference<Runnable> afterSave = new AtomicReference<>(() -> {});
    SessionStore store = TestNodes.store(settings(proxy.uri()));
    SessionStore watched =
        (SessionStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (self, method, arguments) -> {
                  Object result = method.invoke(store, arguments);
                  if (method.getName().equals("save")) {
                    afterSave.getAndSet(() -> {}).run();
                  }
                  return result;
                });
    here = TestNodes.over(watched, settings(proxy.uri()));
    Session held = here.create(HALF_HOUR);
    held.attribute("cart", new ArrayList<>(List.of("anvil")));
    here.commit(held);
    here.release(held);
    CountDownLatch changed = new CountDownLatch(1);
    afterSave.set(
        () -> {
          add(held, "rocket");
          changed.countDown();
        });

    held.attribute("user", "alice");
    here.usedOutside(held);
    await().until(() -> changed.getCount() == 0);
    await().until(() -> held.users == 0);
    here.usedOutside(held);

    await().until(() -> List.of("anvil", "rocket").equals(readThere(held, "cart")));
  }

  @SuppressWarnings("unchecked")
  private static void add(Session held, String thing) {
    ((List<Object>) held.attribute("cart")).add(thing);
  }

  /** Makes a change outside of requests and returns after how many milliseconds it was stored. */
  private long stored(Session held, String name, Object value, Runnable change) {
    here.requireSavable(held);
    long start = System.nanoTime();
    change.run();
    here.usedOutside(held);
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> value.equals(Objects.requireNonNullElse(readThere(held, name), "none")));
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private Object readThere(Session held, String name) {
    Session session = there.join(held.token()).session();
    try {
      return session.attribute(name);
    } finally {
      there.release(session);
    }
  }

  @Test
  void whatIsChangedJustBeforeTheNodeEndsIsStored() {
    Session held = storedFor("alice");
    held.attribute("user", "bob");
    here.usedOutside(held);
    here.close();
    assertThat(readThere(held, "user")).isEqualTo("bob");
  }

  /** A save failed, so that the object is used no more: whoever goes on with it is told. */
  @Test
  void aChangeThatCouldNotBeSavedIsRefused() {
    Session held = storedFor("alice");
    proxy.down(true);
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> here.requireSavable(held))
                    .isInstanceOf(SessionStoreUnavailableException.class));
    held.attribute("user", "mallory");
    here.usedOutside(held);
    await().until(() -> held.isDropped());
    proxy.down(false);
    assertThatThrownBy(() -> here.requireSavable(held))
        .isInstanceOf(SessionStoreUnavailableException.class)
        .hasMessageContaining("not saved any more");
    assertThat(readThere(held, "user")).isEqualTo("alice");
  }

  @Test
  void staysWhenTheMessageIsNotTrue() {
    Socket socket = new Socket();
    Session session = stored(socket);
    here.release(session);
    REDIS.command("PUBLISH", "holdfast:" + app + ":ended", "somebody " + session.locator());
    REDIS.command("PUBLISH", "holdfast:" + app + ":ended", "nonsense");
    await().pollDelay(Duration.ofMillis(600)).until(() -> true);

    assertThat(socket.unbound).hasValue(0);
    assertThat(here.join(session.token()).session().attribute("socket")).isSameAs(socket);
  }

  @Test
  void isUnboundAfterAnOutageInWhichTheMessageWasLost() {
    Socket socket = new Socket();
    Session session = stored(socket);
    here.release(session);
    proxy.refuse(true);
    proxy.disconnect();
    await().until(() -> subscribers() == 0);
    endThere(session);
    assertThat(socket.unbound).hasValue(0);
    proxy.refuse(false);

    await().until(() -> socket.unbound.get() == 1);
    await().until(() -> subscribers() == 1);
  }

  /** As at the start of a node: requests come before it hears of others. */
  @Test
  void isUnboundAsSoonAsTheNodeBeginsToHearOfOthers() {
    here.close();
    Settings settings = settings(proxy.uri());
    RedisSessionStore store = new RedisSessionStore(settings);
    here = TestNodes.over(store, settings, new Binding());
    Socket socket = new Socket();
    Session session = stored(socket);
    here.release(session);
    proxy.refuse(true);
    here.watch(store.endedSessions(), null, Duration.ofHours(1));
    endThere(session);
    assertThat(socket.unbound).hasValue(0);
    proxy.refuse(false);

    await().until(() -> socket.unbound.get() == 1);
  }

  @Test
  void aNodeHearsNothingOfWhatItEndsItself() {
    Socket socket = new Socket();
    Session session = stored(socket);
    here.invalidate(session);
    here.release(session);
    await().pollDelay(Duration.ofMillis(300)).until(() -> true);

    assertThat(socket.unbound).hasValue(1);
  }

  @Test
  void closingEndsTheSubscription() {
    here.close();
    await().until(() -> subscribers() == 0);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals(app + "-redis-ended"));
  }

  /** Stays on its node. */
  private static final class Socket {
    final AtomicInteger unbound = new AtomicInteger();
    final Thread thread = Thread.currentThread();
    volatile boolean sessionWasInvalid;
  }

  /** Tells sockets. */
  private static final class Binding implements SessionEvents {
    @Override
    public boolean isOfContainer(Object value) {
      return value instanceof Socket;
    }

    @Override
    public boolean endsObserved() {
      return true;
    }

    @Override
    public boolean attributesObserved() {
      return false;
    }

    @Override
    public boolean isBindingListener(Object value) {
      return value instanceof Socket;
    }

    @Override
    public boolean isActivationListener(Object value) {
      return false;
    }

    @Override
    public void created(Session session) {}

    @Override
    public void destroyed(Session session) {}

    @Override
    public void idChanged(Session session, String oldId) {}

    @Override
    public void attributeAdded(Session session, String name, Object value) {}

    @Override
    public void attributeReplaced(Session session, String name, Object oldValue) {}

    @Override
    public void attributeRemoved(Session session, String name, Object oldValue) {}

    @Override
    public void valueBound(Session session, String name, Object value) {}

    @Override
    public void valueUnbound(Session session, String name, Object value) {
      Socket socket = (Socket) value;
      try {
        session.creationTime();
      } catch (IllegalStateException e) {
        socket.sessionWasInvalid = true;
      }
      socket.unbound.incrementAndGet();
    }

    @Override
    public void willPassivate(Session session, Object value) {}

    @Override
    public void didActivate(Session session, Object value) {}
  }
}
