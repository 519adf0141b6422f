package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SessionStoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replies that answer another command than their own, as a client library out of step gives them
 * (lettuce#2012): nobody ever sees an attribute of somebody else's session, whether the bytes are
 * encrypted or not.
 */
class MixedUpRepliesTest {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final int REQUESTS = FULL ? 1_000_000 : 4_000;
  private static final int PER_FAULT = FULL ? 400 : 40;
  private static final int USERS = 8;
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final RunningRedis REDIS = RedisServer.shared();

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong anonymous = new AtomicLong();
  private final AtomicLong unavailable = new AtomicLong();

  @ParameterizedTest
  @ValueSource(strings = {"", TestSettings.KEY})
  void nobodySeesWhatIsSomebodyElses(String key) throws InterruptedException {
    try (FaultProxy proxy = new FaultProxy(REDIS.port());
        SessionManager node = node(proxy, key)) {
      AtomicBoolean done = new AtomicBoolean();
      AtomicInteger faults = new AtomicInteger();
      List<Thread> users = new ArrayList<>();
      for (int user = 0; user < USERS; user++) {
        int number = user;
        Thread thread = new Thread(() -> browse(node, number), "user-" + user);
        users.add(thread);
        thread.start();
      }
      Thread saboteur =
          new Thread(
              () -> {
                long due = PER_FAULT;
                while (!done.get()) {
                  if (answered.get() < due) {
                    LockSupport.parkNanos(100_000);
                    continue;
                  }
                  due = answered.get() + PER_FAULT;
                  if (faults.incrementAndGet() % 2 == 0) {
                    proxy.swallowNextReply();
                  } else {
                    proxy.duplicateNextReply();
                  }
                }
              },
              "saboteur");
      saboteur.start();
      for (Thread user : users) {
        user.join();
      }
      done.set(true);
      saboteur.join();

      assertThat(failures).isEmpty();
      assertThat(faults.get()).isGreaterThan(REQUESTS / PER_FAULT / 4);
      assertThat(anonymous.get() + unavailable.get())
          .as("the faults are felt: %s anonymous, %s unavailable", anonymous, unavailable)
          .isGreaterThan(faults.get() / 10);
    }
  }

  private static SessionManager node(FaultProxy proxy, String key) {
    // A cache that holds few sessions, so that whole ones are read and not only checked.
    List<String> settings =
        new ArrayList<>(List.of("redis.timeout", "300ms", "cache.size", "8KB", "encryption"));
    settings.add(key.isEmpty() ? "off" : "required");
    if (!key.isEmpty()) {
      settings.addAll(List.of("encryption.keys", key));
    }
    Settings made = TestSettings.of(proxy.uri(), settings.toArray(String[]::new));
    return TestNodes.manager(made, Metrics.NONE);
  }

  /** Reads, writes, creates and ends sessions, all of which carry the user's own mark. */
  private void browse(SessionManager node, int user) {
    List<SessionToken> tokens = new ArrayList<>();
    int turn = 0;
    while (answered.get() < REQUESTS && failures.isEmpty()) {
      turn++;
      try {
        if (tokens.size() < 3) {
          tokens.add(create(node, user, turn));
        } else {
          int index = turn % tokens.size();
          if (!visit(node, tokens.get(index), turn)) {
            tokens.remove(index);
          }
        }
        answered.incrementAndGet();
      } catch (SessionStoreUnavailableException | SessionConflictException e) {
        unavailable.incrementAndGet();
        LockSupport.parkNanos(1_000_000);
      } catch (RuntimeException | AssertionError e) {
        failures.add(e);
      }
    }
  }

  private static SessionToken create(SessionManager node, int user, int turn) {
    Session session = node.create(HALF_HOUR);
    try {
      session.attribute("owner", session.locator());
      session.attribute("user", user);
      session.attribute("turn", turn);
      node.commit(session);
      return session.token();
    } finally {
      node.release(session);
    }
  }

  private boolean visit(SessionManager node, SessionToken token, int turn) {
    Session session = node.join(token).session();
    if (session == null) {
      anonymous.incrementAndGet();
      return false;
    }
    try {
      Object owner = session.attribute("owner");
      if (!token.locator().equals(owner)) {
        throw new AssertionError("session " + token.locator() + " shows what is of " + owner);
      }
      if (turn % 50 == 0) {
        node.invalidate(session);
        return false;
      }
      if (turn % 3 == 0) {
        session.attribute("turn", turn);
        node.commit(session);
      }
      return true;
    } finally {
      node.release(session);
    }
  }
}
