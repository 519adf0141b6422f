package dev.holdfast.session;

import static dev.holdfast.session.DamagedSessionTest.damage;
import static dev.holdfast.session.DamagedSessionTest.damages;
import static dev.holdfast.session.DamagedSessionTest.encryption;
import static dev.holdfast.session.DamagedSessionTest.isStored;
import static dev.holdfast.session.DamagedSessionTest.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.LoginRefusedException;
import dev.holdfast.api.SessionInfo;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One session of a user that is damaged in any way keeps the user neither from logging in nor from
 * seeing and ending the others, and ends with them.
 */
class DamagedUserSessionsTest {
  private static final RunningRedis REDIS = RedisServer.shared();
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final String OTHER = "x7Rt2LwqZ9vKc4nYp0sUeJhGd5aMbF8oTiXkW3yCqVE=";

  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final Set<String> SOME = Set.of("flipped", "of a newer format");

  private final Map<String, SessionManager> nodes = new LinkedHashMap<>();
  private int users;

  private interface Damage {
    void to(SessionToken token, SessionToken another);
  }

  @BeforeEach
  void begin() {
    REDIS.flush();
  }

  @AfterEach
  void close() {
    nodes.values().forEach(SessionManager::close);
  }

  /** A node that keeps no copies; the same for the same settings. */
  private SessionManager node(String... settings) {
    return nodes.computeIfAbsent(String.join(" ", settings), unused -> make(settings));
  }

  private static SessionManager make(String... settings) {
    List<String> all = new ArrayList<>(List.of("cache.size", "0", "expiry.interval", "2m"));
    all.addAll(List.of(settings));
    Settings made = TestSettings.of(REDIS.uri(), all.toArray(String[]::new));
    return TestNodes.manager(
        made, new Measurements(), SessionEvents.NONE, SecurityEvents.to(List.of(event -> {})));
  }

  private SessionManager limited(boolean sealed, String policy) {
    List<String> settings = new ArrayList<>(List.of(encryption(sealed)));
    settings.addAll(List.of("sessions.per-user", "2", "sessions.per-user.policy", policy));
    return node(settings.toArray(String[]::new));
  }

  private static SessionToken loggedIn(SessionManager node, String user) {
    Session session = node.create(HALF_HOUR);
    session.attribute("cart", new ArrayList<>(List.of("anvil")));
    session.login(new Login(user, "TEST", Set.of("customer"), true));
    try {
      assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
      session.attribute("cart", new ArrayList<>(List.of("rocket")));
      assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
      node.rotate(session);
      assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
      return session.token();
    } finally {
      node.release(session);
    }
  }

  private static boolean opens(SessionManager node, SessionToken token) {
    Session session = node.join(token).session();
    if (session == null) {
      return false;
    }
    node.release(session);
    return true;
  }

  private Map<String, Damage> all(SessionToken model, boolean sealed) {
    Map<String, Damage> all = new LinkedHashMap<>();
    for (String field : new TreeMap<>(REDIS.hash(key(model))).keySet()) {
      for (String how : damages(new byte[4], new byte[4]).keySet()) {
        if (!FULL && !SOME.contains(how)) {
          continue;
        }
        if (!sealed && field.equals("m:u") && List.of("removed", "empty").contains(how)) {
          // No damage: a good session of nobody.
          continue;
        }
        all.put(
            field + " " + how,
            (token, another) ->
                damage(
                    token,
                    field,
                    damages(REDIS.hash(key(token)).get(field), REDIS.hash(key(another)).get(field))
                        .get(how)));
      }
    }
    all.put(
        "not a hash",
        (token, another) -> {
          REDIS.command("DEL", key(token));
          REDIS.command("SET", key(token), "x", "PX", "1500000");
        });
    all.put("without an end", (token, another) -> REDIS.command("PERSIST", key(token)));
    all.put(
        "another session altogether",
        (token, another) ->
            REDIS
                .hash(key(another))
                .forEach((field, value) -> REDIS.command("HSET", key(token), field, value)));
    all.put(
        "sealed with a key that nobody has noted",
        (token, another) -> {
          SessionManager stranger = node("encryption.keys", OTHER);
          Session session = stranger.create(HALF_HOUR);
          assertThat(stranger.commit(session)).isEqualTo(Commit.SAVED);
          stranger.release(session);
          REDIS
              .hash(key(session.token()))
              .forEach((field, value) -> REDIS.command("HSET", key(token), field, value));
        });
    return all;
  }

  /** One after the other; old ones so long ago that no login of theirs is under way. */
  private static void age(boolean old, SessionToken... members) {
    Duration age = old ? IndexedSession.UNDER_WAY.plusSeconds(5) : Duration.ofSeconds(5);
    long then = Instant.now().minus(age).toEpochMilli();
    for (String key : REDIS.keys()) {
      for (SessionToken member : members) {
        if (key.startsWith("holdfast:shop:user:{")
            && REDIS.command("ZSCORE", key, member.locator()) != null) {
          REDIS.command("ZADD", key, Long.toString(then++), member.locator());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void isInNobodysWayAndEndsWithTheOthers(boolean sealed, boolean old) {
    SessionManager node = node(encryption(sealed));
    SessionManager refusing = limited(sealed, "refuse");
    SessionManager ending = limited(sealed, "end-oldest");
    SessionToken model = loggedIn(node, "model");
    Map<String, Damage> all = all(model, sealed);
    assertThat(all).hasSizeGreaterThan(20);
    all.forEach(
        (what, damage) -> {
          for (String act : List.of("end all", "end others", "end one", "refuse", "end oldest")) {
            String user = "user" + users++;
            SessionToken bad = loggedIn(node, user);
            SessionToken good = loggedIn(node, user);
            age(old, bad, good);
            damage.to(bad, good);
            String why = what + ", " + act;
            assertThat(node.users().of(user))
                .as(why)
                .extracting(SessionInfo::id)
                .contains(good.publicId())
                .hasSizeLessThanOrEqualTo(2);
            boolean counts = node.users().of(user).size() == 2;
            boolean opened = opens(node, bad);
            switch (act) {
              case "end all" -> {
                SessionToken more = loggedIn(node, user);
                node.users().endAll(user, null, "test");
                assertThat(List.of(isStored(good), isStored(more))).as(why).containsOnly(false);
              }
              case "end others" -> {
                node.users().endAll(user, good.locator(), "test");
                assertThat(opens(node, good)).as(why).isTrue();
              }
              case "end one" -> {
                assertThat(node.users().endOf("mallory", bad.locator(), "test")).as(why).isFalse();
                node.users().endOf(user, bad.locator(), "test");
              }
              case "refuse" -> {
                if (counts) {
                  assertThatThrownBy(() -> loggedIn(refusing, user))
                      .as(why)
                      .isInstanceOf(LoginRefusedException.class);
                } else {
                  assertThat(opens(node, loggedIn(refusing, user))).as(why).isTrue();
                  assertThatThrownBy(() -> loggedIn(refusing, user))
                      .as(why)
                      .isInstanceOf(LoginRefusedException.class);
                }
                assertThat(opens(node, good)).as(why).isTrue();
                node.users().endAll(user, null, "test");
              }
              default -> {
                assertThat(opens(node, loggedIn(ending, user))).as(why).isTrue();
                assertThat(opens(node, good)).as(why).isTrue();
                assertThat(node.users().of(user)).as(why).hasSize(2);
                node.users().endAll(user, null, "test");
              }
            }
            assertThat(opens(node, bad)).as(why).isFalse();
            if (opened || !isOver(node, bad)) {
              assertThat(isStored(bad)).as(why).isFalse();
            }
            node.users().endAll(user, null, "test");
          }
        });
  }

  /** Whether what is stored counts as expired: the expiry index or Redis removes it. */
  private static boolean isOver(SessionManager node, SessionToken token) {
    try {
      return isStored(token) && node.users().find(token.locator()) == null;
    } catch (SessionStoreUnavailableException e) {
      return false;
    }
  }
}
