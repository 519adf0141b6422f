package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.SecurityEvent;
import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.codec.AttributeCodec;
import dev.holdfast.codec.ClassAllowList;
import dev.holdfast.codec.ClassesByLocation;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.sealing.SealedSessionStore;
import dev.holdfast.sealing.Sealing;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A session can be ended whatever has become of its fields in Redis, and whatever cannot be read of
 * it takes nothing else along.
 */
class DamagedSessionTest {
  private static final RunningRedis REDIS = RedisServer.shared();
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final String KEY = "Qm9i4uLZ0dYxVn3kR7sTgWcEa1JfHp6MvXyN8bKqD2I=";
  private static final String OTHER = "x7Rt2LwqZ9vKc4nYp0sUeJhGd5aMbF8oTiXkW3yCqVE=";

  /** As in a later format; no node of this version has written it. */
  private static final byte[] NEWER_FORMAT = {(byte) 0x90, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  private final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();
  private final List<SessionManager> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(SessionManager::close);
  }

  /** A node that keeps no copies. */
  private SessionManager node(String... settings) {
    List<String> all = new ArrayList<>(List.of("cache.size", "0", "expiry.interval", "2m"));
    all.addAll(List.of(settings));
    Settings made = TestSettings.of(REDIS.uri(), all.toArray(String[]::new));
    ClassLoader loader = getClass().getClassLoader();
    SecurityEvents security = SecurityEvents.to(List.of(events::add));
    SessionManager node =
        new SessionManager(
            new SealedSessionStore(
                new RedisSessionStore(made, security, loader, new Measurements()),
                Sealing.of(made, loader),
                security,
                Login::isReadable),
            new AttributeCodec(
                new ClassAllowList(loader, ClassesByLocation.ofTests(loader), Set.of())),
            made,
            new Measurements(),
            SessionEvents.NONE,
            security);
    nodes.add(node);
    return node;
  }

  static String[] encryption(boolean sealed) {
    return sealed ? new String[] {"encryption.keys", KEY} : new String[] {"encryption", "off"};
  }

  private static SessionToken stored(SessionManager node) {
    Session session = node.create(HALF_HOUR);
    session.attribute("user", "alice");
    session.attribute("cart", new ArrayList<>(List.of("anvil")));
    // One user each: whose sessions cannot be told apart for a missing key cannot log in anew.
    session.login(new Login(session.locator(), "FORM", Set.of("customer"), true));
    node.commit(session);
    session.attribute("cart", new ArrayList<>(List.of("rocket")));
    node.commit(session);
    node.rotate(session);
    node.commit(session);
    node.release(session);
    return session.token();
  }

  static String key(SessionToken token) {
    return "holdfast:shop:{" + token.locator() + "}";
  }

  static boolean isStored(SessionToken token) {
    return REDIS.keys().contains(key(token));
  }

  /** Null: the field is removed. */
  static void damage(SessionToken token, String field, byte @Nullable [] value) {
    if (value == null) {
      REDIS.command("HDEL", key(token), field);
    } else {
      REDIS.command("HSET", key(token), field, value);
    }
  }

  static Map<String, byte @Nullable []> damages(byte[] good, byte[] ofAnother) {
    byte[] flipped = good.clone();
    flipped[flipped.length / 2] ^= 0x10;
    byte[] first = good.clone();
    first[0] ^= (byte) 0x80;
    byte[] huge = new byte[300_000];
    Arrays.fill(huge, (byte) '7');
    Map<String, byte @Nullable []> damages = new LinkedHashMap<>();
    damages.put("removed", null);
    damages.put("cut off", Arrays.copyOf(good, good.length / 2));
    damages.put("flipped", flipped);
    damages.put("first bit flipped", first);
    damages.put("empty", new byte[0]);
    damages.put("one byte", new byte[] {1});
    damages.put("huge", huge);
    damages.put("another session's", ofAnother);
    damages.put("of a newer format", NEWER_FORMAT);
    damages.put(
        "text", "99999999999999999999 1 1 1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return damages;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void canBeReadOrNotAndEndsInEachWay(boolean sealed) {
    SessionManager node = node(encryption(sealed));
    SessionToken model = stored(node);
    Map<String, byte[]> fields = new TreeMap<>(REDIS.hash(key(model)));
    assertThat(fields)
        .containsKeys("m:h", "m:v", "m:x", "m:c", "m:u", "a:user", "a:cart", "r:cart");
    for (String field : fields.keySet()) {
      for (String how : damages(new byte[4], new byte[4]).keySet()) {
        for (String end : List.of("logout", "administrator", "expiry")) {
          String what = field + " " + how + ", " + end;
          SessionToken token = stored(node);
          SessionToken another = stored(node);
          byte[] good = REDIS.hash(key(token)).get(field);
          byte[] foreign = REDIS.hash(key(another)).get(field);
          damage(token, field, damages(good, foreign).get(how));

          boolean joined = reads(node, token, field, what);
          switch (end) {
            case "logout" -> {
              if (joined) {
                Session session = node.join(token).session();
                node.invalidate(session);
                node.release(session);
                assertThat(session.isValid()).as(what).isFalse();
              } else {
                node.end(token.locator());
              }
            }
            case "administrator" -> node.end(token.locator());
            default -> {
              REDIS.command("PEXPIRE", key(token), 200_000);
              assertThat(node.join(token)).as(what).isEqualTo(Join.NOTHING);
              if (isStored(token)) {
                node.end(token.locator());
              }
            }
          }
          assertThat(isStored(token)).as(what).isFalse();
          assertThat(node.join(token)).as(what).isEqualTo(Join.NOTHING);
          node.end(another.locator());
        }
      }
    }
  }

  /** Whether the token opens the session; the other attributes can be read then. */
  private static boolean reads(SessionManager node, SessionToken token, String field, String what) {
    Session session = node.join(token).session();
    if (session == null) {
      return false;
    }
    try {
      for (String name : List.of("user", "cart")) {
        boolean damaged = field.equals("a:" + name);
        try {
          Object value = session.attribute(name);
          if (!damaged) {
            assertThat(String.valueOf(value))
                .as(what)
                .contains("user".equals(name) ? "alice" : "rocket");
          }
        } catch (SessionStoreUnavailableException e) {
          assertThat(damaged || field.equals("m:u")).as(what).isTrue();
        }
      }
      return true;
    } finally {
      node.release(session);
    }
  }

  @Test
  void aNodeWithoutKeysReadsWhatLooksSealedAsAbsentAndTheRestAsItIs() {
    SessionManager node = node("encryption", "off");
    SessionToken token = stored(node);
    damage(token, "a:cart", NEWER_FORMAT);
    events.clear();

    Session session = node.join(token).session();
    assertThat(session.attribute("cart")).isNull();
    assertThat(session.attribute("user")).isEqualTo("alice");
    assertThat(session.attributeNames()).containsExactly("user");
    assertThat(events).extracting(SecurityEvent::kind).containsExactly(Kind.UNKNOWN_KEY);
    assertThat(REDIS.hash(key(token)).get("a:cart")).as("its bytes stay").isEqualTo(NEWER_FORMAT);
    node.invalidate(session);
    assertThat(isStored(token)).isFalse();
    node.release(session);
  }

  @Test
  void anAttributeUnderAKeyThatIsMissingIsNeitherThereNorAbsent() {
    SessionManager both = node("encryption.keys", OTHER + "," + KEY);
    SessionToken token = stored(node(encryption(true)));
    byte[] seal = REDIS.hash(key(token)).get("m:u");
    Session changed = both.join(token).session();
    changed.attribute("theirs", "sealed with the other key");
    both.commit(changed);
    both.release(changed);
    byte[] before = REDIS.hash(key(token)).get("a:theirs");
    // Only the attribute is to be under the other key.
    damage(token, "m:u", seal);
    SessionManager node = node(encryption(true));
    events.clear();

    Session session = node.join(token).session();
    assertThat(session).isNotNull();
    assertThatThrownBy(() -> session.attribute("theirs"))
        .isInstanceOf(SessionStoreUnavailableException.class)
        .hasMessageContaining("theirs")
        .hasMessageContaining("encryption.keys");
    assertThat(events).extracting(SecurityEvent::kind).contains(Kind.UNKNOWN_KEY);
    assertThat(REDIS.hash(key(token)).get("a:theirs")).as("nothing is deleted").isEqualTo(before);
    node.invalidate(session);
    node.release(session);
    assertThat(isStored(token)).isFalse();
  }

  @Test
  void aSessionUnderAKeyThatIsMissingCanBeEndedAndNothingElse() {
    SessionToken token = stored(node("encryption.keys", OTHER));
    SessionManager node = node(encryption(true));
    events.clear();
    Session session = node.join(token).session();

    List<Runnable> uses =
        List.of(
            () -> session.attribute("user"),
            () -> session.attribute("user", "mallory"),
            () -> session.removeAttribute("user"),
            session::attributeNames,
            session::login,
            () -> session.maxInactiveInterval(Duration.ofDays(365)),
            () -> node.rotate(session));
    for (Runnable use : uses) {
      assertThatThrownBy(use::run).isInstanceOf(SessionStoreUnavailableException.class);
    }
    assertThat(events).extracting(SecurityEvent::kind).contains(Kind.UNKNOWN_KEY);
    node.invalidate(session);
    node.release(session);
    assertThat(isStored(token)).isFalse();
  }

  @Test
  void endsWhenRedisIsFull() {
    try (RedisServer full = RedisServer.start()) {
      Settings settings = TestSettings.of(full.uri());
      SessionManager node = TestNodes.manager(settings, new Measurements());
      nodes.add(node);
      SessionToken token = stored(node);
      full.command("HSET", key(token), "a:cart", NEWER_FORMAT);
      full.command("CONFIG", "SET", "maxmemory", "1");
      Session session = node.join(token).session();
      node.invalidate(session);
      node.release(session);
      assertThat(full.keys()).doesNotContain(key(token));
      full.command("CONFIG", "SET", "maxmemory", "0");
    }
  }
}
