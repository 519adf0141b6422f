package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.sealing.UnknownKeyException;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Users in the index when there is a key: nobody without it can tell who has a session, and nobody
 * is missed while keys are exchanged. Security checklist "Logout everywhere, admin kill".
 */
class SealedUsersTest {
  private static final String OLD = "Qm9i4uLZ0dYxVn3kR7sTgWcEa1JfHp6MvXyN8bKqD2I=";
  private static final String NEW = "x7Rt2LwqZ9vKc4nYp0sUeJhGd5aMbF8oTiXkW3yCqVE=";
  private static final RunningRedis REDIS = RunningRedis.shared();

  private final List<SessionManager> opened = new ArrayList<>();

  @BeforeEach
  void forget() {
    REDIS.flush();
  }

  @AfterEach
  void close() {
    opened.forEach(SessionManager::close);
  }

  private static Settings settings(String mode, String keys, String... more) {
    List<String> all = new ArrayList<>(List.of("expiry.interval", "2m", "encryption", mode));
    if (!keys.isEmpty()) {
      all.addAll(List.of("encryption.keys", keys));
    }
    all.addAll(List.of(more));
    return TestSettings.of(REDIS.uri(), all.toArray(String[]::new));
  }

  private SessionManager node(String mode, String keys, String... more) {
    SessionManager node = TestNodes.manager(settings(mode, keys, more), new Measurements());
    opened.add(node);
    return node;
  }

  private static SessionToken loggedIn(SessionManager node, String user) {
    Session session = node.create(Duration.ofMinutes(30));
    session.login(new Login(user, "TEST", Set.of(), true));
    try {
      assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
      REDIS.awaitNextMillisecond(); // Logins of one millisecond are in no order.
      return session.token();
    } finally {
      node.release(session);
    }
  }

  private static List<String> indexKeys() {
    return REDIS.keys().stream()
        .filter(key -> key.startsWith("holdfast:shop:user:{"))
        .filter(key -> !key.endsWith("{keys}"))
        .toList();
  }

  @Test
  void whoGuessesAUserCannotConfirmItWithoutTheKey() {
    loggedIn(node("off", ""), "alice");
    List<String> guessed = indexKeys();
    REDIS.flush();

    loggedIn(node("required", OLD), "alice");

    assertThat(guessed).hasSize(1);
    assertThat(indexKeys()).hasSize(1).doesNotContainAnyElementsOf(guessed);
  }

  /**
   * The steps of an exchange of keys, and of turning encryption on, two nodes at different ones.
   */
  @ParameterizedTest
  @CsvSource({
    "required, OLD, required, OLD NEW",
    "required, OLD NEW, required, NEW OLD",
    "required, NEW OLD, required, OLD NEW",
    "off, '', off, OLD",
    "off, OLD, migrate, OLD",
    "migrate, OLD, off, OLD"
  })
  void nobodyIsMissedByANodeThatIsAStepAheadOrBehind(
      String modeHere, String keysHere, String modeThere, String keysThere) {
    SessionManager here = node(modeHere, keys(keysHere));
    SessionManager there = node(modeThere, keys(keysThere));
    loggedIn(here, "alice");
    SessionToken token = loggedIn(there, "alice");
    loggedIn(here, "bob");

    assertThat(there.users().of("alice")).hasSize(2);
    assertThat(there.users().endAll("alice", token.locator(), "test")).isEqualTo(1);
    assertThat(there.users().of("alice"))
        .extracting(SessionInfo::id)
        .containsExactly(token.publicId());
    assertThat(there.users().of("bob")).hasSize(1);
  }

  private static String keys(String names) {
    return names.replace("OLD", OLD).replace("NEW", NEW).replace(' ', ',');
  }

  /** A node that lacks a key of the others, or has none, does not say that there is nothing. */
  @ParameterizedTest
  @CsvSource({
    "required, NEW OLD, required, OLD",
    "required, NEW, required, OLD",
    "migrate, NEW OLD, required, OLD",
    "required, NEW, off, ''",
    "migrate, NEW, off, ''",
    "required, NEW, off, OLD",
    "required, NEW, migrate, OLD"
  })
  void aNodeThatLacksAKeyOfTheOthersRefusesToAnswerForAUser(
      String modeHere, String keysHere, String modeThere, String keysThere) throws Exception {
    SessionManager here = node(modeHere, keys(keysHere));
    SessionManager there = node(modeThere, keys(keysThere), "sessions.per-user", "2");
    assertThat(there.users().of("alice")).isEmpty();
    SessionToken token = loggedIn(here, "alice");
    await().until(() -> REDIS.keys().contains("holdfast:shop:user:{keys}"));

    assertThatThrownBy(() -> there.users().endAll("alice", null, "test"))
        .isInstanceOf(SessionStoreUnavailableException.class)
        .hasCauseInstanceOf(UnknownKeyException.class)
        .hasMessageContaining("encryption.keys");
    assertThatThrownBy(() -> there.users().of("alice"))
        .isInstanceOf(SessionStoreUnavailableException.class);
    assertThat(here.users().of("alice")).hasSize(1);

    // Under a limit it does not log anybody in who may have too many sessions.
    assertThatThrownBy(() -> loggedIn(there, "alice"))
        .isInstanceOf(SessionStoreUnavailableException.class);

    here.end(token.locator());
    REDIS.command("DEL", "holdfast:shop:user:{keys}");
    assertThat(there.users().endAll("alice", null, "test")).isZero();
  }

  @Test
  void sessionsFromBeforeTheExchangeTakeUpTheUsersRoom() {
    SessionManager before = node("required", OLD, "sessions.per-user", "2");
    SessionToken first = loggedIn(before, "alice");
    SessionToken second = loggedIn(before, "alice");

    SessionManager refusing =
        node(
            "required",
            keys("NEW OLD"),
            "sessions.per-user",
            "2",
            "sessions.per-user.policy",
            "refuse");
    assertThatThrownBy(() -> loggedIn(refusing, "alice")).isInstanceOf(LoginRefusedException.class);
    SessionManager ending = node("required", keys("NEW OLD"), "sessions.per-user", "2");
    SessionToken third = loggedIn(ending, "alice");

    assertThatThrownBy(() -> before.users().of("alice"))
        .as("the old key alone does not find it")
        .isInstanceOf(SessionStoreUnavailableException.class);
    assertThat(ending.users().of("alice"))
        .extracting(SessionInfo::id)
        .containsExactly(second.publicId(), third.publicId())
        .doesNotContain(first.publicId());
  }

  @Test
  void whoIsEncryptedAnewIsFoundWithoutTheOldKey() throws InterruptedException {
    SessionToken token = loggedIn(node("required", OLD), "alice");
    try (Resealing resealing = new Resealing(settings("required", keys("NEW OLD")))) {
      assertThat(resealing.run(100)).isEqualTo(1);
    }

    SessionManager after = node("required", NEW);
    await().untilAsserted(() -> assertThat(after.users().of("alice")).hasSize(1));
    assertThat(after.users().endAll("alice", null, "test")).isEqualTo(1);
    assertThat(after.join(token).session()).isNull();
  }

  @Test
  void whoUsesTheSessionAfterTheExchangeIsFoundWithoutTheOldKey() {
    SessionToken token = loggedIn(node("required", OLD), "alice");
    SessionManager both = node("required", keys("NEW OLD"));
    Session session = both.join(token).session();
    assertThat(session).isNotNull();
    session.attribute("color", "red");
    session.maxInactiveInterval(Duration.ofMinutes(20));
    assertThat(both.commit(session)).isEqualTo(Commit.SAVED);
    both.release(session);

    // As Sessions.reencrypt does at its end: until then other sessions may be under the old key.
    REDIS.command("DEL", "holdfast:shop:user:{keys}");
    SessionManager after = node("required", NEW);
    await().untilAsserted(() -> assertThat(after.users().of("alice")).hasSize(1));
  }
}
