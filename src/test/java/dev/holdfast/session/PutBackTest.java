package dev.holdfast.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Somebody who can read and write Redis keeps copies of a session that is encrypted, and puts parts
 * of older ones back, at any moment of its life. Whatever they put back: who holds an older cookie
 * sees nothing that was stored after that cookie was replaced, and what anybody sees was stored
 * under that name in that session. All that an older cookie can open is a session that is older as
 * a whole.
 */
class PutBackTest {
  private static final String KEY = "Qm9i4uLZ0dYxVn3kR7sTgWcEa1JfHp6MvXyN8bKqD2I=";
  private static final int HISTORIES = Boolean.getBoolean("holdfast.full") ? 1000 : 100;
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);

  /** How long a secret that was renewed, without a login, goes on opening the session. */
  private static final Duration RENEWED_OPENS = Duration.ofMillis(1);

  private static final RunningRedis REDIS = RedisServer.shared();
  private static final List<String> NAMES = List.of("user", "cart", "roles", "colour");

  private static final List<SessionManager> nodes = new ArrayList<>();
  private static int rejected;
  private static int older;
  private static int newest;

  @BeforeAll
  static void start() {
    nodes.add(node("cache.size", "0"));
    nodes.add(node());
  }

  @AfterAll
  static void stop() {
    nodes.forEach(SessionManager::close);
  }

  private static SessionManager node(String... more) {
    List<String> all =
        new ArrayList<>(List.of("encryption.keys", KEY, "expiry.interval", "2m", "app", "putback"));
    all.addAll(List.of(more));
    Settings settings = TestSettings.of(REDIS.uri(), all.toArray(String[]::new));
    ClassLoader loader = PutBackTest.class.getClassLoader();
    SecurityEvents security = SecurityEvents.to(List.of());
    return new SessionManager(
        new SealedSessionStore(
            new RedisSessionStore(settings, security, loader, new Measurements()),
            Sealing.of(settings, loader),
            security,
            Login::isReadable),
        new AttributeCodec(new ClassAllowList(loader, ClassesByLocation.ofTests(loader), Set.of())),
        settings,
        new Measurements(),
        SessionEvents.NONE,
        security);
  }

  @Test
  void noOldCookieOpensWhatCameAfterIt() {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    for (int i = 0; i < HISTORIES; i++) {
      new History(seed + i).run();
    }
    System.out.printf(
        "put back: %d histories, %d rejected, %d older as a whole, %d by the newest cookie%n",
        HISTORIES, rejected, older, newest);
    assertThat(rejected).isGreaterThan(10 * HISTORIES);
    assertThat(newest).isPositive();
  }

  /** What was in Redis at a moment, and the cookie of that moment. */
  private record Copy(Map<String, byte[]> hash, long deadline, int generation) {}

  /** One life of a session. */
  private static final class History {
    private final long seed;
    private final Random random;

    /** By the number of the secret, from 0. */
    private final List<SessionToken> tokens = new ArrayList<>();

    private final List<Copy> copies = new ArrayList<>();

    /** Name and value of an attribute to the number of the secret under which it was stored. */
    private final Map<String, Integer> stored = new HashMap<>();

    /** The same for who was logged in. */
    private final Map<String, Set<Integer>> users = new HashMap<>();

    private final List<String> pending = new ArrayList<>();
    private String user = "";
    private int values;
    private boolean ended;

    private History(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    private void run() {
      Session session = nodes.get(0).create(HALF_HOUR);
      set(session);
      assertThat(nodes.get(0).commit(session)).isEqualTo(Commit.SAVED);
      tokens.add(session.token());
      committed();
      nodes.get(0).release(session);
      copy();
      int steps = 4 + random.nextInt(10);
      for (int i = 0; i < steps && !ended; i++) {
        step();
        copy();
        putBackAndLook();
      }
    }

    private SessionToken newest() {
      return tokens.get(tokens.size() - 1);
    }

    private String key() {
      return "holdfast:putback:{" + newest().locator() + "}";
    }

    private void step() {
      SessionManager node = nodes.get(random.nextInt(nodes.size()));
      Session session = requireNonNull(node.join(newest(), false).session(), "seed " + seed);
      int kind = random.nextInt(8);
      switch (kind) {
        case 0, 1 -> {
          node.rotate(session);
          user = "user" + values++;
          session.login(new Login(user, "FORM", Set.of("role-" + user), true));
          if (random.nextBoolean()) {
            set(session);
          }
        }
        case 2 -> {
          user = "";
          session.login(null);
          node.rotate(session);
          if (random.nextBoolean()) {
            set(session);
          }
        }
        case 3 -> {
          Instant due = Instant.now().plus(Duration.ofDays(1));
          session.renewIfDue(newest(), due, Duration.ofHours(1), RENEWED_OPENS);
          set(session);
        }
        case 4 -> session.removeAttribute(name());
        case 5 -> session.maxInactiveInterval(Duration.ofSeconds(1000 + random.nextInt(1000)));
        case 6 -> {
          if (random.nextInt(4) == 0) {
            node.invalidate(session);
            ended = true;
          } else {
            set(session);
          }
        }
        default -> set(session);
      }
      if (!ended) {
        assertThat(node.commit(session, false)).isIn(Commit.SAVED, Commit.UNCHANGED);
        if (!session.token().equals(newest())) {
          if (kind == 3) {
            await().until(() -> see(node, newest()) == null);
          }
          tokens.add(session.token());
        }
        committed();
      }
      node.release(session);
      users.computeIfAbsent(user, who -> new java.util.HashSet<>()).add(tokens.size() - 1);
    }

    private String name() {
      return NAMES.get(random.nextInt(NAMES.size()));
    }

    private void set(Session session) {
      String name = name();
      String value = "value" + values++;
      session.attribute(name, value);
      pending.add(name + "=" + value);
    }

    /** What was set is stored under the secret that the commit has left. */
    private void committed() {
      pending.forEach(attribute -> stored.put(attribute, tokens.size() - 1));
      pending.clear();
    }

    private void copy() {
      Map<String, byte[]> hash = REDIS.hash(key());
      if (!hash.isEmpty()) {
        copies.add(new Copy(hash, deadline(hash), tokens.size() - 1));
      }
    }

    /** With another time to live the clock of a reader could be moved, by 10 seconds at most. */
    private static long deadline(Map<String, byte[]> hash) {
      byte[] times = requireNonNull(hash.get("m:x"));
      return Long.parseLong(new String(times, ISO_8859_1).split(" ", 2)[0]);
    }

    private void putBackAndLook() {
      Copy now = copies.get(copies.size() - 1);
      for (int i = 0; i < 3; i++) {
        Copy old = copies.get(random.nextInt(copies.size()));
        Map<String, byte[]> mixed = new LinkedHashMap<>(ended ? Map.of() : now.hash());
        String what = putBack(old, mixed);
        write(mixed, mixed.containsKey("m:x") ? deadline(mixed) : now.deadline());
        look(what);
      }
      write(ended ? Map.of() : now.hash(), now.deadline());
    }

    /** Puts a part of an older copy in, and takes out what that did not have, sometimes. */
    private String putBack(Copy old, Map<String, byte[]> mixed) {
      int kind = random.nextInt(5);
      Set<String> chosen = new java.util.TreeSet<>();
      for (String field : old.hash().keySet()) {
        boolean metadata = field.startsWith("m:");
        boolean taken =
            switch (kind) {
              case 0 -> random.nextBoolean();
              case 1 -> metadata;
              case 2 -> metadata || random.nextBoolean();
              case 3 -> !metadata && random.nextBoolean();
              default -> true;
            };
        if (taken) {
          chosen.add(field);
        }
      }
      chosen.forEach(field -> mixed.put(field, requireNonNull(old.hash().get(field))));
      Set<String> dropped = new java.util.TreeSet<>();
      if (random.nextInt(3) == 0) {
        for (String field : List.copyOf(mixed.keySet())) {
          if (!old.hash().containsKey(field) && random.nextBoolean()) {
            mixed.remove(field);
            dropped.add(field);
          }
        }
      }
      return "of secret " + old.generation() + " " + chosen + " without " + dropped;
    }

    private void write(Map<String, byte[]> hash, long deadline) {
      REDIS.command("DEL", key());
      hash.forEach((field, value) -> REDIS.command("HSET", key(), field, value));
      REDIS.command("PEXPIREAT", key(), Long.toString(deadline));
    }

    private void look(String what) {
      for (int generation = 0; generation < tokens.size(); generation++) {
        for (SessionManager node : nodes) {
          Map<String, String> seen = see(node, tokens.get(generation));
          if (seen == null) {
            rejected++;
            continue;
          }
          boolean isNewest = generation == tokens.size() - 1;
          if (isNewest && !ended) {
            newest++;
          } else {
            older++;
          }
          check(what, generation, seen);
        }
      }
    }

    private void check(String what, int generation, Map<String, String> seen) {
      String context =
          "seed " + seed + ": put back " + what + ", cookie " + generation + " sees " + seen;
      seen.forEach(
          (name, value) -> {
            if (name.isEmpty()) {
              assertThat(users.get(value)).as(context).contains(generation);
            } else {
              assertThat(stored.get(name + "=" + value))
                  .as(context)
                  .isNotNull()
                  .isLessThanOrEqualTo(generation);
            }
          });
    }

    /** Attributes, and under the empty name who is logged in; null when nothing opens. */
    private static @Nullable Map<String, String> see(SessionManager node, SessionToken token) {
      Session session = node.join(token, false).session();
      if (session == null) {
        return null;
      }
      try {
        Map<String, String> seen = new TreeMap<>();
        for (String name : session.attributeNames()) {
          seen.put(name, String.valueOf(session.attribute(name)));
        }
        Login login = session.login();
        if (login != null) {
          seen.put("", login.name());
        }
        return seen;
      } finally {
        node.release(session);
      }
    }
  }
}
