package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

  @Test
  void isUnboundWhenTheLastRequestLeavesAndNoRequestIsDisturbed() {
    Socket socket = new Socket();
    Session session = stored(socket);
    endThere(session);
    await().pollDelay(Duration.ofMillis(600)).until(() -> true);

    assertThat(socket.unbound).hasValue(0);
    assertThat(session.attribute("socket")).isSameAs(socket);

    here.release(session);
    assertThat(socket.unbound).hasValue(1);
    assertThat(socket.sessionWasInvalid).isTrue();
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
