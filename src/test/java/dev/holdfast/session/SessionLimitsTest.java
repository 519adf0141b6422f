package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.SecurityEvent;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionLimitExceededException;
import dev.holdfast.api.TooManySessionsException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Security checklist 1.4, "Giant attribute / session" and "Session flooding", over a real Redis.
 */
class SessionLimitsTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final int KB = 1024;
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final Queue<Counter> COUNTED = new ConcurrentLinkedQueue<>();
  private static final Queue<SecurityEvent> EVENTS = new ConcurrentLinkedQueue<>();

  private static SessionManager here;
  private static SessionManager there;

  @BeforeAll
  static void openTwoNodes() {
    here = node("attribute.max-size", "64KB", "session.max-size", "256KB");
    there = node("attribute.max-size", "64KB", "session.max-size", "256KB");
  }

  @AfterAll
  static void closeThem() {
    here.close();
    there.close();
  }

  @BeforeEach
  void forget() {
    REDIS.flush();
    COUNTED.clear();
    EVENTS.clear();
  }

  private static SessionManager node(String... namesAndValues) {
    List<String> all = new ArrayList<>(List.of("redis.timeout", "5s"));
    all.addAll(List.of(namesAndValues));
    Settings settings = TestSettings.of(REDIS.uri(), all.toArray(String[]::new));
    return TestNodes.manager(
        settings, COUNTED::add, SessionEvents.NONE, SecurityEvents.to(List.of(EVENTS::add)));
  }

  private static Session stored(String name, Object value) {
    Session session = here.create(HALF_HOUR);
    session.attribute(name, value);
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    return session;
  }

  private static Object read(SessionManager node, SessionToken token, String name) {
    Session session = node.join(token).session();
    assertThat(session).isNotNull();
    try {
      return session.attribute(name);
    } finally {
      node.release(session);
    }
  }

  @Test
  void aValueThatIsTooLargeIsRefusedAndTheOldOneStays() {
    Session session = stored("a", "small");

    assertThatThrownBy(() -> session.attribute("a", new byte[64 * KB + 1]))
        .isInstanceOf(SessionLimitExceededException.class)
        .hasMessageContaining("65536")
        .hasMessageContaining("attribute.max-size");

    assertThat(session.attribute("a")).isEqualTo("small");
    session.attribute("b", "still usable");
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    assertThat(read(there, session.token(), "a")).isEqualTo("small");
    assertThat(read(there, session.token(), "b")).isEqualTo("still usable");
    here.release(session);
  }

  /** Writes a gigabyte when it is serialized, and has nothing of it in memory. */
  static final class Gigabyte implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      byte[] piece = new byte[KB * KB];
      for (int i = 0; i < KB; i++) {
        out.write(piece);
      }
    }
  }

  @Test
  void aGigabyteIsRefusedBeforeItIsInMemory() {
    Session session = stored("a", "small");
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    assertThatThrownBy(() -> session.attribute("a", new Gigabyte()))
        .isInstanceOf(SessionLimitExceededException.class);

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(32L * KB * KB);
    assertThat(session.attribute("a")).isEqualTo("small");
    here.release(session);
  }

  @Test
  void attributesThatAreTooLargeTogetherAreRefused() {
    Session session = stored("a", "small");
    for (int i = 0; i < 4; i++) {
      session.attribute("n" + i, new byte[60 * KB]);
    }

    assertThatThrownBy(() -> session.attribute("one more", new byte[60 * KB]))
        .isInstanceOf(SessionLimitExceededException.class)
        .hasMessageContaining("262144")
        .hasMessageContaining("session.max-size");

    session.attribute("n0", "smaller now");
    session.attribute("one more", new byte[60 * KB]);
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    assertThat(read(there, session.token(), "one more")).isInstanceOf(byte[].class);
    here.release(session);
  }

  @Test
  void oneAttributeTooManyIsRefusedAndAnOldOneCanStillBeReplaced() {
    Session session = stored("a", "small");
    for (int i = 1; i < 1000; i++) {
      session.attribute("n" + i, i);
    }

    assertThatThrownBy(() -> session.attribute("one more", 1))
        .isInstanceOf(SessionLimitExceededException.class)
        .hasMessageContaining("1000")
        .hasMessageContaining("session.max-attributes");

    session.attribute("a", "replaced");
    session.removeAttribute("n1");
    session.attribute("one more", 1);
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    assertThat(read(there, session.token(), "a")).isEqualTo("replaced");
    here.release(session);
  }

  @Test
  void aValueThatHasGrownInPlaceFailsTheSaveAndTheOldOneStays() {
    Session session = stored("list", new ArrayList<>(List.of("small")));
    grow(session, 65);

    assertThatThrownBy(() -> here.commit(session))
        .isInstanceOf(SessionLimitExceededException.class)
        .hasMessageContaining("attribute.max-size");
    here.release(session);

    assertThat(read(here, session.token(), "list")).isEqualTo(List.of("small"));
  }

  @Test
  void aSessionThatHasGrownInPlaceFailsTheSaveAndTheOldOneStays() {
    Session session = stored("list", new ArrayList<>(List.of("small")));
    for (int i = 0; i < 4; i++) {
      session.attribute("n" + i, new byte[50 * KB]);
    }
    assertThat(here.commit(session)).isEqualTo(Commit.SAVED);
    grow(session, 60);

    assertThatThrownBy(() -> here.commit(session))
        .isInstanceOf(SessionLimitExceededException.class)
        .hasMessageContaining("session.max-size");
    here.release(session);

    assertThat(read(here, session.token(), "list")).isEqualTo(List.of("small"));
    assertThat(read(here, session.token(), "n3")).isInstanceOf(byte[].class);
  }

  @Test
  void aNewSessionThatGrowsInPlaceBeforeItIsSavedIsNotSavedEither() {
    Session session = here.create(HALF_HOUR);
    session.attribute("list", new ArrayList<>(List.of("small")));
    for (int i = 0; i < 4; i++) {
      session.attribute("n" + i, new byte[50 * KB]);
    }
    grow(session, 60);

    assertThatThrownBy(() -> here.commit(session))
        .isInstanceOf(SessionLimitExceededException.class)
        .hasMessageContaining("session.max-size");
    here.release(session);
  }

  @SuppressWarnings("unchecked")
  private static void grow(Session session, int kilobytes) {
    ((List<Object>) session.attribute("list")).add(new byte[kilobytes * KB]);
  }

  @Test
  void aPlantedValueThatIsTooLargeReadsAsAbsentAndIsReported() {
    SessionManager unbounded = node();
    Session session = unbounded.create(HALF_HOUR);
    session.attribute("a", "small");
    session.attribute("planted", new byte[500 * KB]);
    assertThat(unbounded.commit(session)).isEqualTo(Commit.SAVED);
    unbounded.close();

    assertThat(read(there, session.token(), "planted")).isNull();
    assertThat(read(there, session.token(), "a")).isEqualTo("small");

    assertThat(EVENTS)
        .singleElement()
        .satisfies(event -> assertThat(event.kind()).isEqualTo(Kind.OVERSIZED_VALUE))
        .satisfies(event -> assertThat(event.detail()).contains("planted", "5120"));
    String key = "holdfast:shop:{" + session.locator() + "}";
    assertThat(REDIS.hash(key).get("a:planted").length).isGreaterThan(500 * KB);
  }

  @Test
  void anAnonymousSessionLivesShortlyUntilItsSecondRequest() {
    SessionManager node = node("sessions.first-life", "2s");
    Session once = node.create(HALF_HOUR);
    Session twice = node.create(HALF_HOUR);
    Session user = node.create(HALF_HOUR);
    user.login(new Login("ada", null, Set.of(), true));
    for (Session session : List.of(once, twice, user)) {
      assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
      assertThat(session.maxInactiveInterval()).isEqualTo(HALF_HOUR);
      node.release(session);
    }
    assertThat(millisLeft(once)).isLessThanOrEqualTo(2_000);
    assertThat(millisLeft(twice)).isLessThanOrEqualTo(2_000);
    assertThat(millisLeft(user)).isGreaterThan(HALF_HOUR.toMillis() - 5_000);

    node.release(node.join(twice.token()).session());

    Awaitility.await().until(() -> millisLeft(twice) > HALF_HOUR.toMillis() - 5_000);
    Awaitility.await().until(() -> millisLeft(once) <= 0);
    assertThat(node.join(once.token()).session()).isNull();
    assertThat(node.join(twice.token()).session()).isNotNull();
    node.close();
  }

  /** Without the grace that listeners get. */
  private static long millisLeft(Session session) {
    return (Long) REDIS.command("PTTL", "holdfast:shop:{" + session.locator() + "}")
        - Duration.ofMinutes(5).toMillis();
  }

  @Test
  void aNodeCreatesNoMoreSessionsThanItsRate() {
    SessionManager node = node("sessions.create-rate", "10");
    for (int i = 0; i < 100; i++) {
      node.release(node.create(HALF_HOUR));
    }

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                node.release(node.create(HALF_HOUR));
              }
            })
        .isInstanceOf(TooManySessionsException.class)
        .hasMessageContaining("sessions.create-rate");

    assertThat(COUNTED).contains(Counter.CREATION_REFUSED);
    assertThat(EVENTS).anyMatch(event -> event.kind() == Kind.CREATION_REFUSED);
    node.close();
  }
}
