package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a key costs: one command that nobody waits for at the first login in a minute, and nothing
 * on any other path. What it costs in time {@link #main} measures, in the clear and encrypted by
 * turns.
 */
class EncryptionCostTest {
  private static final Duration HALF_HOUR = Duration.ofMinutes(30);
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final List<String> MODES = List.of("off", "required");
  private static final int WARM_UP = 300;
  private static final int PAIRS = 1001;

  /** What one node does with a session that it or another has made. */
  private interface Path {
    /** What is done before is not counted. */
    Runnable on(SessionManager node, SessionManager other);
  }

  private static Map<String, Path> paths(int bytes) {
    Map<String, Path> paths = new LinkedHashMap<>();
    paths.put("create", (node, other) -> () -> made(node, bytes));
    paths.put("read", (node, other) -> reading(node, made(node, bytes)));
    paths.put("read on another node", (node, other) -> reading(node, made(other, bytes)));
    paths.put(
        "read what another node has changed",
        (node, other) -> {
          SessionToken token = made(node, bytes);
          using(other, token, session -> session.attribute("more", "x"));
          return reading(node, token);
        });
    paths.put("write", (node, other) -> changing(node, made(node, bytes), EncryptionCostTest::set));
    paths.put(
        "change in place",
        (node, other) ->
            changing(
                node,
                made(node, bytes),
                session -> ((byte[]) requireNonNull(session.attribute("value")))[0]++));
    paths.put("new id", (node, other) -> changing(node, made(node, bytes), node::rotate));
    paths.put("login", (node, other) -> changing(node, made(node, bytes), loginAt(node)));
    paths.put(
        "logout",
        (node, other) -> {
          SessionToken token = using(node, made(node, bytes), loginAt(node));
          return changing(node, token, session -> session.login(null));
        });
    paths.put("invalidate", (node, other) -> changing(node, made(node, bytes), node::invalidate));
    paths.put(
        "end all of a user",
        (node, other) -> {
          String user = using(node, made(node, bytes), loginAt(node)).locator();
          return () -> assertThat(node.users().endAll(user, null, "test")).isEqualTo(1);
        });
    return paths;
  }

  private interface Use {
    void of(Session session);
  }

  private static Use loginAt(SessionManager node) {
    return session -> {
      session.login(new Login(session.locator(), "TEST", Set.of(), true));
      node.rotate(session);
    };
  }

  private static void set(Session session) {
    session.attribute("other", "y");
  }

  private static SessionToken made(SessionManager node, int bytes) {
    Session session = node.create(HALF_HOUR);
    session.attribute("value", new byte[bytes]);
    node.commit(session);
    node.release(session);
    return session.token();
  }

  private static Runnable reading(SessionManager node, SessionToken token) {
    return changing(node, token, session -> assertThat(session.attribute("value")).isNotNull());
  }

  private static Runnable changing(SessionManager node, SessionToken token, Use use) {
    return () -> using(node, token, use);
  }

  private static SessionToken using(SessionManager node, SessionToken token, Use use) {
    Session session = requireNonNull(node.join(token).session());
    use.of(session);
    if (session.isValid()) {
      node.commit(session);
    }
    node.release(session);
    return session.token();
  }

  private static SessionManager node(String uri, String mode) {
    List<String> settings =
        new ArrayList<>(
            List.of("redis.timeout", "5s", "touch.interval", "1h", "expiry.interval", "2m"));
    settings.addAll(List.of("encryption", mode));
    if (!mode.equals("off")) {
      settings.addAll(List.of("encryption.keys", TestSettings.KEY));
    }
    return TestNodes.manager(TestSettings.of(uri, settings.toArray(String[]::new)), counter -> {});
  }

  /** Behind what nobody waits for, on the same connection. */
  private static void fence(SessionManager node) {
    assertThat(node.join(SessionToken.create(new SecureRandom())).session()).isNull();
  }

  @Test
  void aKeyAddsOneCommandToALoginAndNoneToAnyOtherPath() {
    List<Map<String, List<String>>> commands = new ArrayList<>();
    for (String mode : MODES) {
      REDIS.flush();
      Map<String, List<String>> ofMode = new LinkedHashMap<>();
      SessionManager node = node(REDIS.uri(), mode);
      SessionManager other = node(REDIS.uri(), mode);
      try (RedisMonitor monitor = new RedisMonitor(REDIS)) {
        fence(other);
        paths(100)
            .forEach(
                (name, path) -> {
                  Runnable action = path.on(node, other);
                  fence(node);
                  monitor.clear();
                  action.run();
                  fence(node);
                  // But for a sweep for expired sessions that came in between.
                  ofMode.put(
                      name,
                      monitor.commands().stream()
                          .filter(command -> !command.equals("ZRANGEBYSCORE"))
                          .toList());
                });
      }
      node.close();
      other.close();
      commands.add(ofMode);
    }
    assertThat(commands.get(0).get("write")).contains("HMGET", "EVALSHA");
    Map<String, List<String>> expected = new LinkedHashMap<>(commands.get(0));
    // The key's note in the register; the logins after it, within a minute, make none.
    expected.computeIfPresent("login", (name, clear) -> oneScriptMore(clear));
    assertThat(commands.get(1)).isEqualTo(expected);
  }

  /** Before the first script. */
  private static List<String> oneScriptMore(List<String> commands) {
    List<String> more = new ArrayList<>(commands);
    more.add(commands.indexOf("EVALSHA"), "EVALSHA");
    return more;
  }

  @Test
  void theRegisterCostsNoWait() {
    List<List<Integer>> waits = new ArrayList<>();
    for (String mode : MODES) {
      REDIS.flush();
      try (CountingProxy proxy = new CountingProxy(REDIS.port())) {
        // What nobody waits for looks like one more wait if it is answered before the next one
        // begins, or before the waits are counted.
        proxy.latency(Duration.ofMillis(20));
        SessionManager node = node(proxy.uri(), mode);
        fence(node);
        List<Integer> ofMode = new ArrayList<>();
        for (String name : List.of("login", "end all of a user")) {
          int fewest = Integer.MAX_VALUE;
          for (int i = 0; i < 5; i++) {
            Runnable action = requireNonNull(paths(100).get(name)).on(node, node);
            fence(node);
            proxy.reset();
            action.run();
            fewest = Math.min(fewest, proxy.waits());
          }
          ofMode.add(fewest);
        }
        waits.add(ofMode);
        node.close();
      }
    }
    // To list the user's members, to ask their sessions, to end the one.
    assertThat(waits.get(0).get(1)).as("end all").isEqualTo(3);
    assertThat(waits.get(1)).as("login and end all, with a key").isEqualTo(waits.get(0));
  }

  @Test
  void aKeyCostsNoWaitAndACheckNotAByte() {
    List<List<Integer>> costs = new ArrayList<>();
    for (String mode : MODES) {
      try (CountingProxy proxy = new CountingProxy(REDIS.port())) {
        SessionManager node = node(proxy.uri(), mode);
        SessionManager other = node(REDIS.uri(), mode);
        fence(node);
        List<Integer> cost = new ArrayList<>();
        for (String name : List.of("create", "read", "read on another node", "write")) {
          Runnable action = requireNonNull(paths(100).get(name)).on(node, other);
          proxy.reset();
          action.run();
          cost.add(proxy.waits());
          if (name.equals("read")) {
            cost.add(proxy.bytes());
          }
        }
        costs.add(cost);
        node.close();
        other.close();
      }
    }
    assertThat(costs.get(0).get(2)).as("bytes of a check").isLessThanOrEqualTo(300);
    assertThat(costs.get(1)).isEqualTo(costs.get(0));
  }

  /**
   * Prints for each path the microseconds it takes in the clear and encrypted, and their ratio:
   * medians of pairs that take turns, over the Redis of the tests.
   */
  public static void main(String[] arguments) {
    System.out.println("| session of | path | in the clear | encrypted | ratio |");
    System.out.println("|---|---|---|---|---|");
    List<SessionManager> nodes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(node(REDIS.uri(), MODES.get(i / 2)));
    }
    for (int bytes : new int[] {100, 10_000, 200_000}) {
      paths(bytes)
          .forEach(
              (name, path) -> {
                double[] clear = new double[PAIRS];
                double[] sealed = new double[PAIRS];
                double[] ratios = new double[PAIRS];
                for (int pair = -WARM_UP; pair < PAIRS; pair++) {
                  double c = micros(path, nodes.get(0), nodes.get(1));
                  double s = micros(path, nodes.get(2), nodes.get(3));
                  if (pair >= 0) {
                    clear[pair] = c;
                    sealed[pair] = s;
                    ratios[pair] = s / c;
                  }
                }
                System.out.printf(
                    "| %,d bytes | %s | %.0f us | %.0f us | %.2f |%n",
                    bytes, name, median(clear), median(sealed), median(ratios));
              });
    }
    nodes.forEach(SessionManager::close);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static double micros(Path path, SessionManager node, SessionManager other) {
    Runnable action = path.on(node, other);
    fence(node);
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e3;
  }
}
