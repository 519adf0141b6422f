package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionConflictException;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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

  /** As a refresh reads: without a secret to compare, into a session that is in use. */
  @Test
  void whatIsReadAnewIsNotTakenFromAnotherSession() throws Exception {
    inPairs(2, store -> locator -> store.load(locator, null), StoredSession::attributes);
  }

  @Test
  void whatASessionEndsWithIsNotTakenFromAnotherSession() throws Exception {
    inPairs(1, store -> store::destroy, StoredSession::attributes);
  }

  @Test
  void whatUsersAreToldOfTheirSessionsIsNotTakenFromAnotherSession() throws Exception {
    inPairs(
        2,
        store -> locator -> store.describe(List.of(locator), (unread, e) -> {}).get(locator),
        StoredSession::principal);
  }

  /** "There is none" does not say of which session; it may be the reply to somebody else. */
  @Test
  void nobodyHearsThatThereIsNoSessionOfSomebodyElse() throws Exception {
    isFoundInPairs(3, store -> locator -> store.load(locator, locator.getBytes(UTF_8)));
    isFoundInPairs(2, store -> locator -> store.load(locator, null));
    isFoundInPairs(3, store -> locator -> store.check(locator, locator.getBytes(UTF_8)));
    isFoundInPairs(2, store -> locator -> store.check(locator, null));
    isFoundInPairs(
        2, store -> locator -> store.describe(List.of(locator), (unread, e) -> {}).get(locator));
  }

  /** As {@link #inPairs}, for a session that is there and one that is not. */
  private static void isFoundInPairs(
      int replies, Function<RedisSessionStore, Function<String, @Nullable Object>> question)
      throws Exception {
    try (FaultProxy proxy = new FaultProxy(REDIS.port());
        RedisSessionStore store =
            new RedisSessionStore(TestSettings.of(proxy.uri(), "redis.timeout", "500ms"))) {
      String present = create(store, "one");
      String absent = SessionToken.create(new SecureRandom()).locator();
      List<FutureTask<@Nullable Object>> asked =
          ask(proxy, replies, List.of(present, absent), question.apply(store));

      try {
        assertThat(asked.get(0).get()).as("a session that is there").isNotNull();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(SessionStoreUnavailableException.class);
      }
    }
  }

  /** Has each locator asked for in a thread of its own, one after the other; loses replies. */
  private static <T> List<FutureTask<@Nullable T>> ask(
      FaultProxy proxy, int lost, List<String> locators, Function<String, @Nullable T> question) {
    proxy.pause();
    proxy.swallowNextReplies(lost);
    List<FutureTask<@Nullable T>> asked = new ArrayList<>();
    for (String locator : locators) {
      FutureTask<@Nullable T> task = new FutureTask<>(() -> question.apply(locator));
      asked.add(task);
      Thread thread = new Thread(task, "asking");
      thread.start();
      // It waits for its reply, so the next one's command is behind this one's.
      await().pollInterval(Duration.ofMillis(1)).until(() -> isWaiting(thread));
    }
    proxy.resume();
    return asked;
  }

  /**
   * Two callers ask for two sessions over one connection, and as many replies are lost as answer
   * the first: those that come next are of the right kind and say nothing wrong but of whom.
   */
  private static void inPairs(
      int replies,
      Function<RedisSessionStore, Function<String, @Nullable StoredSession>> question,
      Function<StoredSession, @Nullable Object> marked)
      throws Exception {
    try (FaultProxy proxy = new FaultProxy(REDIS.port());
        RedisSessionStore store =
            new RedisSessionStore(TestSettings.of(proxy.uri(), "redis.timeout", "1s"))) {
      List<String> locators = List.of(create(store, "one"), create(store, "two"));
      List<FutureTask<@Nullable StoredSession>> asked =
          ask(proxy, replies, locators, question.apply(store));
      int unavailable = 0;
      for (int i = 0; i < locators.size(); i++) {
        try {
          StoredSession answer = asked.get(i).get();
          if (answer != null) {
            assertThat(mark(marked.apply(answer))).isEqualTo(List.of("one", "two").get(i));
          }
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(SessionStoreUnavailableException.class);
          unavailable++;
        }
      }
      assertThat(unavailable).as("the fault was felt").isPositive();
    }
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }

  private static String mark(@Nullable Object of) {
    if (of instanceof Map<?, ?> attributes) {
      return mark(
          ((StoredSession.StoredAttribute) requireNonNull(attributes.get("owner"))).value());
    }
    return new String((byte[]) requireNonNull(of), UTF_8);
  }

  private static String create(RedisSessionStore store, String owner) {
    SecureRandom random = new SecureRandom();
    SessionToken token = SessionToken.create(random);
    byte[] mark = owner.getBytes(UTF_8);
    NewSession session =
        new NewSession(
            token.locator(),
            token.secretHash(),
            Stamp.first(random),
            store.now(),
            HALF_HOUR,
            null,
            mark,
            Map.of("owner", mark));
    assertThat(store.create(session).result()).isEqualTo(SaveOutcome.Result.SAVED);
    return token.locator();
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
    return TestNodes.manager(made, new Measurements());
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
