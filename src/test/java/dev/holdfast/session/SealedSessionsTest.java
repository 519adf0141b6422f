package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import dev.holdfast.session.SessionManager.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody who can write to Redis achieves against sessions that are encrypted, and how keys
 * are exchanged: whole nodes over a real Redis, in which the tests do what an intruder would.
 */
class SealedSessionsTest {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final String OLD = "Qm9i4uLZ0dYxVn3kR7sTgWcEa1JfHp6MvXyN8bKqD2I=";
  private static final String NEW = "x7Rt2LwqZ9vKc4nYp0sUeJhGd5aMbF8oTiXkW3yCqVE=";
  private static final RunningRedis REDIS = RedisServer.shared();

  @TempDir Path directory;

  private static final Queue<SecurityEvent> events = new ConcurrentLinkedQueue<>();

  /** Nodes without copies of sessions: each read is a first one. */
  private static final Map<List<String>, SessionManager> shared = new HashMap<>();

  private final List<SessionManager> own = new ArrayList<>();

  @BeforeEach
  void forget() {
    REDIS.flush();
    events.clear();
  }

  @AfterEach
  void closeOwn() {
    own.forEach(SessionManager::close);
  }

  @AfterAll
  static void closeShared() {
    shared.values().forEach(SessionManager::close);
    shared.clear();
  }

  private static SessionManager node(String... settings) {
    return shared.computeIfAbsent(
        List.of(settings),
        written -> {
          List<String> all = new ArrayList<>(written);
          all.addAll(List.of("cache.size", "0"));
          return nodeAt(REDIS.uri(), all.toArray(String[]::new));
        });
  }

  /** A node that keeps copies. */
  private SessionManager holding(String... settings) {
    SessionManager node = nodeAt(REDIS.uri(), settings);
    own.add(node);
    return node;
  }

  private static SessionManager nodeAt(String uri, String... settings) {
    List<String> all = new ArrayList<>(List.of("expiry.interval", "2m"));
    all.addAll(List.of(settings));
    Settings made = TestSettings.of(uri, all.toArray(String[]::new));
    ClassLoader loader = SealedSessionsTest.class.getClassLoader();
    SecurityEvents security = SecurityEvents.to(List.of(events::add));
    return new SessionManager(
        new SealedSessionStore(
            new RedisSessionStore(made, security, loader, new Measurements()),
            Sealing.of(made, loader),
            security,
            Login::isReadable),
        new AttributeCodec(new ClassAllowList(loader, ClassesByLocation.ofTests(loader), Set.of())),
        made,
        new Measurements(),
        SessionEvents.NONE,
        security);
  }

  private SessionToken session(SessionManager node, Map<String, ?> attributes) {
    Session session = node.create(HALF_HOUR);
    attributes.forEach(session::attribute);
    assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
    node.release(session);
    return session.token();
  }

  /** What a node reads that has no copy of the session; null when the token opens nothing. */
  private @Nullable Map<String, Object> read(SessionManager node, SessionToken token) {
    Session session = node.join(token).session();
    if (session == null) {
      return null;
    }
    try {
      Map<String, Object> read = new java.util.TreeMap<>();
      session.attributeNames().forEach(name -> read.put(name, session.attribute(name)));
      return read;
    } finally {
      node.release(session);
    }
  }

  private void write(SessionManager node, SessionToken token, String name, Object value) {
    Session session = requireNonNull(node.join(token).session());
    session.attribute(name, value);
    assertThat(node.commit(session)).isEqualTo(Commit.SAVED);
    node.release(session);
  }

  private static String key(SessionToken token) {
    return "holdfast:shop:{" + token.locator() + "}";
  }

  private static byte[] field(SessionToken token, String name) {
    return requireNonNull(REDIS.hash(key(token)).get(name), name);
  }

  private static void plant(SessionToken token, String name, byte[] bytes) {
    REDIS.command("HSET", key(token), name, bytes);
  }

  private List<Kind> kinds() {
    return events.stream()
        .map(SecurityEvent::kind)
        .filter(kind -> kind != Kind.UNKNOWN_ID)
        .toList();
  }

  /** A node that has the key and no copy finds nothing, one event tells why, and all bytes stay. */
  private void assertRejected(SessionToken token) {
    Map<String, byte[]> before = REDIS.hash(key(token));
    SessionManager fresh = node("encryption.keys", OLD);
    events.clear();
    assertThat(read(fresh, token)).isNull();
    assertThat(read(fresh, token)).isNull();
    assertThat(kinds()).containsExactly(Kind.BROKEN_SEAL);
    assertThat(REDIS.hash(key(token)).keySet()).isEqualTo(before.keySet());
  }

  @Test
  void nothingReadableIsStored() {
    // Kryo marks the last character of a text.
    String[] readable = {"wonderlan", "looking-glas", "the-white-rabbi", "gardene"};
    assertThat(storedBy(node("encryption", "off"))).contains(readable);

    assertThat(storedBy(node("encryption.keys", OLD)))
        .doesNotContain(readable)
        .doesNotContain("FORM", "java.");
  }

  private String storedBy(SessionManager node) {
    Map<String, Object> attributes = Map.of("user", "wonderland", "role", "looking-glass");
    SessionToken token = session(node, attributes);
    Session session = requireNonNull(node.join(token).session());
    session.login(new Login("the-white-rabbit", "FORM", Set.of("gardener"), true));
    node.commit(session);
    node.release(session);
    assertThat(read(node, token)).containsAllEntriesOf(attributes);
    return REDIS.hash(key(token)).values().stream()
        .map(bytes -> new String(bytes, ISO_8859_1))
        .reduce("", String::concat);
  }

  @Test
  void aValueOfAnotherFieldSessionOrApplicationIsRejected() {
    SessionManager shop = node("encryption.keys", OLD);
    SessionManager bank = node("encryption.keys", OLD, "app", "bank");
    SessionToken alice = session(shop, Map.of("user", "alice", "role", "customer"));
    SessionToken mallory = session(shop, Map.of("user", "mallory", "role", "admin"));
    SessionToken teller = session(bank, Map.of("user", "teller"));

    plant(alice, "a:role", field(alice, "a:user"));
    assertRejected(alice);

    SessionToken bob = session(shop, Map.of("user", "bob", "role", "customer"));
    plant(bob, "a:role", field(mallory, "a:role"));
    assertRejected(bob);

    SessionToken carol = session(shop, Map.of("user", "carol"));
    byte[] ofBank =
        requireNonNull(REDIS.hash("holdfast:bank:{" + teller.locator() + "}").get("a:user"));
    plant(carol, "a:user", ofBank);
    assertRejected(carol);
  }

  @Test
  void aWholeSessionCopiedToAnotherKeyIsRejected() {
    SessionManager shop = node("encryption.keys", OLD);
    SessionToken alice = session(shop, Map.of("user", "alice"));
    SessionToken mallory = session(shop, Map.of("user", "mallory"));
    REDIS.command("COPY", key(alice), key(mallory), "REPLACE");
    plant(mallory, "m:h", mallory.secretHash());

    events.clear();
    assertThat(read(node("encryption.keys", OLD), mallory)).isNull();
    assertThat(kinds()).containsExactly(Kind.FOREIGN_SESSION);

    // In the clear too, as long as nobody means it.
    SessionManager plain = node("encryption", "off");
    SessionToken first = session(plain, Map.of("user", "first"));
    SessionToken second = session(plain, Map.of("user", "second"));
    REDIS.command("COPY", key(first), key(second), "REPLACE");
    plant(second, "m:h", second.secretHash());
    assertThat(read(node("encryption", "off"), second)).isNull();
  }

  @Test
  void aBitFlippedAnywhereInAValueOrASealIsRejected() {
    SessionManager node = node("encryption.keys", OLD);
    SessionToken token = session(node, Map.of("user", "al"));
    SessionManager fresh = node("encryption.keys", OLD);
    for (String name : List.of("a:user", "m:u", "m:h", "m:c")) {
      byte[] good = field(token, name);
      for (int at = 0; at < good.length; at++) {
        for (int bit = at % 3; bit < 8; bit += FULL ? 1 : 4) {
          byte[] bad = good.clone();
          bad[at] ^= (byte) (1 << bit);
          plant(token, name, bad);
          assertThat(opens(fresh, token)).as("%s, byte %s, bit %s", name, at, bit).isFalse();
        }
      }
      plant(token, name, good);
    }
    assertThat(opens(fresh, token)).isTrue();
  }

  private boolean opens(SessionManager node, SessionToken token) {
    try {
      return read(node, token) != null;
    } catch (SessionStoreUnavailableException e) {
      // A flipped bit in the name of the key: nobody can tell.
      return false;
    }
  }

  @Test
  void aValueOrASealThatIsCutOffOrInTheClearOrMissingIsRejected() {
    SessionManager node = node("encryption.keys", OLD);
    SessionToken token = session(node, Map.of("user", "alice"));
    SessionManager fresh = node("encryption.keys", OLD);
    SessionToken plain = session(node("encryption", "off"), Map.of("user", "mallory"));
    for (String name : List.of("a:user", "m:u")) {
      byte[] good = field(token, name);
      for (int length = 0; length < good.length; length++) {
        plant(token, name, Arrays.copyOf(good, length));
        assertThat(opens(fresh, token)).as("%s of %s bytes", name, length).isFalse();
      }
      plant(token, name, field(plain, "a:user"));
      assertThat(opens(fresh, token)).as(name + " in the clear").isFalse();
      plant(token, name, good);
    }
    byte[] seal = field(token, "m:u");
    REDIS.command("HDEL", key(token), "m:u");
    assertThat(opens(fresh, token)).as("without a seal").isFalse();
    plant(token, "m:u", seal);
    assertThat(opens(fresh, token)).isTrue();
  }

  @Test
  void whoCanWriteToRedisCannotOpenASessionWithASecretOfTheirOwn() {
    SessionManager node = holding("encryption.keys", OLD);
    SessionToken victim = session(node, Map.of("user", "alice"));
    SessionToken forged = victim.rotated(new java.security.SecureRandom());
    // A copy that this node trusts is no way in either.
    assertThat(read(node, victim)).isNotNull();

    plant(victim, "m:h", forged.secretHash());
    assertThat(opens(node, forged)).as("with a copy").isFalse();
    assertThat(opens(node("encryption.keys", OLD), forged)).as("without").isFalse();
    plant(victim, "m:h", victim.secretHash());

    assertThat(read(node, victim)).isNotNull();
    String far = Long.toString(System.currentTimeMillis() + 10_000_000);
    byte[] previous = Arrays.copyOf(forged.secretHash(), 32 + far.length());
    System.arraycopy(far.getBytes(ISO_8859_1), 0, previous, 32, far.length());
    plant(victim, "m:p", previous);
    assertThat(opens(node, forged)).as("as a renewed one, with a copy").isFalse();
    assertThat(opens(node("encryption.keys", OLD), forged)).as("without").isFalse();
    assertThat(opens(node("encryption.keys", OLD), victim)).isTrue();

    // Without a key, this is how it is done.
    SessionToken plain = session(node("encryption", "off"), Map.of("user", "bob"));
    SessionToken thief = plain.rotated(new java.security.SecureRandom());
    plant(plain, "m:h", thief.secretHash());
    assertThat(opens(node("encryption", "off"), thief)).isTrue();
  }

  @Test
  void epochTimeOutAndDeadlineAreAuthenticated() {
    SessionManager node = holding("encryption.keys", OLD);
    SessionToken token = session(node, Map.of("user", "alice"));
    String times = new String(field(token, "m:x"), ISO_8859_1);
    List<UnaryOperator<String>> changes =
        List.of(
            t -> t.replace(" 1800 ", " 1801 "),
            t -> t.replaceAll(" 0$", " 1"),
            t -> t + " " + (System.currentTimeMillis() + 9_999_999));
    for (UnaryOperator<String> change : changes) {
      String changed = change.apply(times);
      assertThat(changed).isNotEqualTo(times);
      assertThat(opens(node, token)).isTrue();
      plant(token, "m:x", changed.getBytes(ISO_8859_1));
      assertThat(opens(node, token)).as("%s with a copy", changed).isFalse();
      assertThat(opens(node("encryption.keys", OLD), token)).as(changed).isFalse();
      plant(token, "m:x", times.getBytes(ISO_8859_1));
    }
    assertThat(opens(node("encryption.keys", OLD), token)).isTrue();
  }

  @Test
  void aSessionWhoseKeyIsNotThereIsUnavailableAndNothingOfItIsDeleted() {
    SessionToken token = session(node("encryption.keys", OLD), Map.of("user", "alice"));
    Map<String, byte[]> before = REDIS.hash(key(token));

    for (SessionManager other : List.of(node("encryption.keys", NEW), node("encryption", "off"))) {
      events.clear();
      Session session = requireNonNull(other.join(token).session());
      assertThatThrownBy(() -> session.attribute("user"))
          .isInstanceOf(SessionStoreUnavailableException.class)
          .hasMessageContaining("that this node does not have")
          .hasMessageContaining("encryption.keys")
          .hasMessageNotContaining(token.locator());
      other.release(session);
      assertThat(kinds()).containsExactly(Kind.UNKNOWN_KEY);
    }
    assertThat(REDIS.hash(key(token)).keySet()).isEqualTo(before.keySet());
    assertThat(read(node("encryption.keys", NEW + "," + OLD), token))
        .containsEntry("user", "alice");
  }

  @Test
  void keysAreExchangedNodeByNodeWithoutARestart() throws IOException {
    Path hereKeys = Files.writeString(directory.resolve("here"), OLD + "\n");
    Path thereKeys = Files.writeString(directory.resolve("there"), "# ours\n" + OLD + "\n");
    SessionManager here = holding("encryption.keys-file", hereKeys.toString());
    SessionManager there = holding("encryption.keys-file", thereKeys.toString());
    SessionToken token = session(here, Map.of("a", 1, "b", 2));

    // First every node learns to read with the new key, then each begins to write with it.
    for (Path file : List.of(hereKeys, thereKeys)) {
      Files.writeString(file, OLD + "\n" + NEW + "\n");
    }
    awaitKey(here, token, OLD);
    Files.writeString(hereKeys, NEW + "\n" + OLD + "\n");
    awaitKey(here, token, NEW);
    assertThat(read(there, token)).as("the other node reads with both").containsKeys("a", "b");
    write(there, token, "b", 3);
    assertThat(keyOf(token, "a:b")).as("it writes with the old one").isEqualTo(idOf(OLD));
    Files.writeString(thereKeys, NEW + "\n" + OLD + "\n");
    awaitKey(there, token, NEW);
    assertThat(read(here, token)).containsEntry("b", 3);
    assertThat(kinds()).isEmpty();
  }

  @Test
  void aNodeThatGotTheNewKeyTooEarlyHarmsNothing() throws IOException {
    Path keys = Files.writeString(directory.resolve("keys"), OLD);
    SessionManager early = node("encryption.keys", NEW + "," + OLD);
    SessionManager late = holding("encryption.keys-file", keys.toString());
    SessionToken token = session(late, Map.of("user", "alice"));
    write(early, token, "cart", "anvil");

    assertThatThrownBy(() -> read(late, token))
        .isInstanceOf(SessionStoreUnavailableException.class);
    assertThat(read(early, token)).as("meanwhile").containsEntry("cart", "anvil");
    Files.writeString(keys, OLD + "," + NEW);
    await()
        .ignoreExceptionsInstanceOf(SessionStoreUnavailableException.class)
        .untilAsserted(
            () ->
                assertThat(read(late, token))
                    .containsEntry("cart", "anvil")
                    .containsEntry("user", "alice"));
  }

  @Test
  void aFileOfKeysThatIsDamagedChangesNothing() throws IOException {
    Path keys = Files.writeString(directory.resolve("keys"), OLD);
    SessionManager node = holding("encryption.keys-file", keys.toString());
    SessionToken token = session(node, Map.of("user", "alice"));
    Files.writeString(keys, "oops");
    await()
        .during(Duration.ofMillis(1200))
        .atMost(Duration.ofSeconds(5))
        .until(() -> opens(node, token));
    Files.delete(keys);
    write(node, token, "user", "bob");
    assertThat(keyOf(token, "a:user")).isEqualTo(idOf(OLD));
  }

  private void awaitKey(SessionManager node, SessionToken token, String key) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              write(node, token, "a", System.nanoTime());
              return keyOf(token, "a:a").equals(idOf(key)) && keyOf(token, "m:u").equals(idOf(key));
            });
  }

  private static String keyOf(SessionToken token, String field) {
    return new String(field(token, field), 1, 4, ISO_8859_1);
  }

  /** The name of a key, as a session that it seals shows it. */
  private String idOf(String key) {
    SessionToken token = session(node("encryption.keys", key), Map.of("a", 1));
    return keyOf(token, "a:a");
  }

  @Test
  void sessionsInTheClearAreTakenOverOnceTheAdministratorSaysSo() {
    SessionToken token = session(node("encryption", "off"), Map.of("user", "alice", "cart", "x"));
    assertRejected(token);

    SessionManager reading = node("encryption", "off", "encryption.keys", OLD);
    SessionManager migrating = node("encryption", "migrate", "encryption.keys", OLD);
    assertThat(read(migrating, token)).containsEntry("user", "alice");
    write(migrating, token, "cart", "anvil");
    assertThat(Sealing.isSealed(field(token, "a:cart"))).isTrue();
    assertThat(Sealing.isSealed(field(token, "m:u"))).isTrue();
    assertThat(Sealing.isSealed(field(token, "a:user"))).as("until it is written").isFalse();
    // A node of the step before reads it too, and its changes of the metadata fit the seal.
    Session there = requireNonNull(reading.join(token).session());
    assertThat(there.attribute("cart")).isEqualTo("anvil");
    there.maxInactiveInterval(Duration.ofMinutes(10));
    assertThat(reading.commit(there)).isEqualTo(Commit.SAVED);
    reading.release(there);
    assertThat(read(node("encryption", "migrate", "encryption.keys", OLD), token)).isNotNull();
    write(migrating, token, "user", "bob");
    assertThat(read(node("encryption.keys", OLD), token)).containsEntry("user", "bob");
  }

  @Test
  void theRestIsEncryptedAnewAtABoundedRate() throws InterruptedException {
    SessionManager before = node("encryption.keys", OLD);
    List<SessionToken> tokens = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      tokens.add(session(before, Map.of("user", "alice " + i, "role", "customer")));
    }
    SessionToken broken = session(before, Map.of("user", "mallory"));
    plant(broken, "a:user", field(tokens.get(0), "a:user"));
    // A copy in use elsewhere, with a change in place under way, hears nothing of it.
    SessionManager both = holding("encryption.keys", NEW + "," + OLD);
    Session inUse = requireNonNull(both.join(tokens.get(1)).session());
    inUse.attribute("list", new ArrayList<>(List.of("a")));
    both.commit(inUse);
    list(inUse).add("b");
    REDIS.command("PEXPIRE", key(tokens.get(2)), 400_000);

    Settings settings = TestSettings.of(REDIS.uri(), "encryption.keys", NEW + "," + OLD);
    try (Resealing resealing = new Resealing(settings)) {
      long start = System.nanoTime();
      // 26 sessions in each of two passes; the second finds nothing to do.
      assertThat(resealing.run(100)).isEqualTo(25);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
      assertThat(resealing.run(1_000)).isZero();
    }
    assertThat((Long) requireNonNull(REDIS.command("PTTL", key(tokens.get(2)))))
        .as("it was no access")
        .isLessThanOrEqualTo(400_000);
    inUse.maxInactiveInterval(Duration.ofMinutes(20));
    assertThat(both.commit(inUse)).isEqualTo(Commit.SAVED);
    both.release(inUse);

    SessionManager after = node("encryption.keys", NEW);
    for (int i = 0; i < 25; i++) {
      assertThat(read(after, tokens.get(i))).containsEntry("user", "alice " + i);
    }
    assertThat(read(after, tokens.get(1))).containsEntry("list", List.of("a", "b"));
    assertThat(field(broken, "a:user")).as("bytes that do not open stay").isNotEmpty();
  }

  @SuppressWarnings("unchecked") // the test put it there
  private static List<Object> list(Session session) {
    return (List<Object>) requireNonNull(session.attribute("list"));
  }

  @Test
  void twoNodesThatChangeTheMetadataAtOnceBothSucceed() {
    SessionManager here = node("encryption.keys", OLD);
    SessionManager there = holding("encryption.keys", OLD);
    SessionToken token = session(here, Map.of("user", "alice"));
    Session a = requireNonNull(here.join(token).session());
    Session b = requireNonNull(there.join(token).session());
    a.maxInactiveInterval(Duration.ofMinutes(10));
    b.login(new Login("alice", "FORM", Set.of("customer"), true));
    b.attribute("b", 2);

    assertThat(here.commit(a)).isEqualTo(Commit.SAVED);
    assertThat(there.commit(b)).isEqualTo(Commit.SAVED);
    here.release(a);
    there.release(b);

    Session seen = requireNonNull(node("encryption.keys", OLD).join(token).session());
    assertThat(seen.maxInactiveInterval()).isEqualTo(Duration.ofMinutes(10));
    assertThat(requireNonNull(seen.login()).name()).isEqualTo("alice");
    assertThat(seen.attribute("b")).isEqualTo(2);
  }

  /** Of these two changes nothing but the seal that was there tells that the other came first. */
  @Test
  void aSealIsNotPutOverOneThatItsWriterHasNotSeen() {
    SessionManager here = node("encryption.keys", OLD);
    SessionManager there = holding("encryption.keys", OLD);
    SessionToken token = session(here, Map.of("user", "alice"));
    Session a = requireNonNull(here.join(token).session());
    Session b = requireNonNull(there.join(token).session());
    a.login(new Login("alice", "FORM", Set.of("customer"), true));
    b.maxInactiveInterval(Duration.ofMinutes(10));

    assertThat(here.commit(a)).isEqualTo(Commit.SAVED);
    assertThat(there.commit(b)).isEqualTo(Commit.SAVED);
    here.release(a);
    there.release(b);

    Session seen = requireNonNull(node("encryption.keys", OLD).join(token).session());
    assertThat(requireNonNull(seen.login()).name()).isEqualTo("alice");
    assertThat(seen.maxInactiveInterval()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void aLoginsRotationIsSealedToo() {
    SessionManager here = node("encryption.keys", OLD);
    SessionToken token = session(here, Map.of("user", "alice"));
    byte[] value = field(token, "a:user");
    Session session = requireNonNull(here.join(token).session());
    here.rotate(session);
    session.login(new Login("alice", null, Set.of(), true));
    here.commit(session);
    SessionToken next = session.token();
    here.release(session);

    assertThat(field(next, "a:user")).as("it is not encrypted anew").isEqualTo(value);
    assertThat(opens(node("encryption.keys", OLD), token)).isFalse();
    assertThat(read(node("encryption.keys", OLD), next)).containsEntry("user", "alice");
  }

  @Test
  void namesAsTheyComeStayApartFromWhatIsOurs() {
    SessionManager node = node("encryption.keys", OLD);
    Map<String, Object> attributes = new java.util.TreeMap<>();
    for (String name :
        List.of(
            "m:c", "m:h", "m:u", "session:isValid", "", "a:", "r:x", "\ud800", "n".repeat(65536))) {
      attributes.put(name, "value of " + name.length());
    }
    SessionToken token = session(node, attributes);
    assertThat(read(node("encryption.keys", OLD), token)).isEqualTo(attributes);
    SessionManager plain = node("encryption", "off");
    assertThat(read(node("encryption", "off"), session(plain, attributes))).isEqualTo(attributes);
  }

  @Test
  void noTwoWritesHaveTheSameNonce() {
    Sealing sealing =
        Sealing.of(
            TestSettings.of(REDIS.uri(), "encryption.keys", OLD), getClass().getClassLoader());
    int writes = FULL ? 1_000_000 : 50_000;
    Sealing.OfSession session = sealing.of("abcdefghijklmnopqrstuv");
    Set<String> nonces = new HashSet<>();
    byte[] plain = new byte[8];
    for (int i = 0; i < writes; i++) {
      byte[] sealed = session.seal("a:user", 0, new byte[0], plain);
      assertThat(nonces.add(new String(sealed, 13, 12, ISO_8859_1))).isTrue();
    }
  }
}
