package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.cli.Shell.Answer;
import dev.holdfast.cli.Shell.Running;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.MinimalUser;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.session.Session;
import dev.holdfast.store.NodeRegister;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command line as an admin runs it, as a process of its own, against a real Redis and nodes
 * that are in use.
 */
class CommandLineIT {
  private static final String KEY = TestSettings.KEY;
  private static final String NEW = "x7Rt2LwqZ9vKc4nYp0sUeJhGd5aMbF8oTiXkW3yCqVE=";
  private static final String[] LISTED = {
    "hmget", "pttl", "zrangebyscore", "zcard", "eval", "evalsha", "hgetall", "hget", "exists"
  };

  /** Of the application /shop on this Redis, with the same settings as its nodes. */
  private static Shell shell(String redisUri) {
    Shell shell =
        new Shell()
            .with("REDIS_URI", redisUri)
            .with("APP", "shop")
            .with("REDIS_TIMEOUT", "5s")
            .with("REDIS_CONNECT_TIMEOUT", "10s");
    return TestSettings.ENCRYPTED ? shell.with("ENCRYPTION_KEYS", KEY) : shell;
  }

  private static String[] encryption(boolean encrypted) {
    return encrypted ? new String[] {"encryption.keys", KEY} : new String[] {"encryption", "off"};
  }

  private static Shell shell(String redisUri, boolean encrypted) {
    return encrypted
        ? shell(redisUri).with("ENCRYPTION_KEYS", KEY)
        : shell(redisUri).with("ENCRYPTION", "off");
  }

  private static long commands(RunningRedis redis) {
    long all = 0;
    for (String name : LISTED) {
      all += redis.calls(name);
    }
    return all;
  }

  @Test
  void tenThousandSessionsAreListedInOneSweepWhoseCommandsGoWithThePage() {
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri(), encryption(true))) {
      for (int i = 0; i < 10_000; i++) {
        Session unused = shop.login("user-" + i % 1_000);
      }
      shop.close();
      Shell shell = shell(redis.uri(), true);

      long before = commands(redis);
      List<JsonNode> all = shell.run("sessions", "list", "--json").exits(Exit.OK).json();
      long whole = commands(redis) - before;
      before = commands(redis);
      Answer page = shell.run("sessions", "list", "--json", "--limit", "50").exits(Exit.OK);
      long fifty = commands(redis) - before;
      before = commands(redis);
      List<JsonNode> users = shell.run("users", "list", "--json").exits(Exit.OK).json();
      long byUser = commands(redis) - before;

      Set<String> ids = new HashSet<>();
      all.forEach(session -> ids.add(session.get("id").asText()));
      assertThat(all).hasSize(10_000);
      assertThat(ids).hasSize(10_000);
      // Two for each session, one for each page and for each part of the index.
      assertThat(whole).isBetween(20_000L, 20_000L + 20 + 2 * 16);
      assertThat(page.json()).hasSize(50);
      assertThat(page.err()).contains("There are more: --after ");
      assertThat(fifty).isBetween(100L, 100L + 16);
      assertThat(users)
          .hasSize(1_000)
          .allSatisfy(user -> assertThat(user.get("sessions").asInt()).isEqualTo(10));
      assertThat(byUser).isBetween(20_000L, 20_000L + 20 + 2 * 16);
    }
  }

  @Test
  void aListThatStoppedGoesOnWhereItDid() {
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri())) {
      for (int i = 0; i < 25; i++) {
        Session unused = shop.login("ada");
      }
      Set<String> ids = new HashSet<>();
      List<String> more = List.of();
      int pages = 0;
      do {
        List<String> line = new ArrayList<>(List.of("sessions", "list", "--json", "--limit", "10"));
        line.addAll(more);
        Answer answer = shell(redis.uri()).run(line.toArray(String[]::new)).exits(Exit.OK);
        answer.json().forEach(session -> ids.add(session.get("id").asText()));
        int cursor = answer.err().indexOf("--after ");
        more = cursor < 0 ? List.of() : List.of(answer.err().substring(cursor).strip().split(" "));
        pages++;
      } while (!more.isEmpty() && pages < 10);

      assertThat(ids).hasSize(25);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEndedSessionIsOverOnEveryNodeAtOnceAndOneOfThemTellsTheListeners(boolean encrypted) {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    try (RedisServer redis = RedisServer.start();
        Shop one = new Shop(Shop.telling(told::add), redis.uri(), encryption(encrypted));
        Shop two = new Shop(Shop.telling(told::add), redis.uri(), encryption(encrypted))) {
      Session session = one.login("alice");
      Session other = one.login("alice");
      assertThat(two.finds(session)).isTrue();

      Answer answer =
          shell(redis.uri(), encrypted)
              .run("sessions", "end", "--", session.id().substring(0, 10))
              .exits(Exit.OK);

      assertThat(one.finds(session)).isFalse();
      assertThat(two.finds(session)).isFalse();
      assertThat(answer.out()).isEqualTo("Ended " + session.id().substring(0, 10) + "\n");
      await().until(() -> !told.isEmpty());
      assertThat(two.finds(other)).isTrue();
      assertThat(told).containsExactly(session.id() + " [anvil]");
      shell(redis.uri(), encrypted).run("sessions", "end", session.id()).exits(Exit.FOUND);
    }
  }

  @Test
  void withoutANodeThatAsksTheSweepTellsTheListeners() {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(Shop.telling(told::add), redis.uri())) {
      Session one = shop.login("alice");
      Session two = shop.login("alice");
      Session kept = shop.login("alice");

      JsonNode answer =
          shell(redis.uri())
              .run("users", "end", "alice", "--keep", kept.id(), "--json")
              .exits(Exit.OK)
              .json()
              .get(0);

      assertThat(answer.get("ended").asInt()).isEqualTo(2);
      await().until(() -> told.size() == 2);
      assertThat(told).containsExactlyInAnyOrder(one.id() + " [anvil]", two.id() + " [anvil]");
      assertThat(shop.finds(kept)).isTrue();
      shell(redis.uri()).run("users", "end", "nobody").exits(Exit.FOUND);
    }
  }

  @Test
  void withoutTheIndexASessionIsDeletedAndListsAreRefused() {
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri(), "expiry.events", "off")) {
      Session session = shop.login("alice");
      Shell shell = shell(redis.uri()).with("EXPIRY_EVENTS", "off");

      assertThat(shell.run("sessions", "list").exits(Exit.SETTINGS).err())
          .contains("expiry.events is off");
      shell.run("sessions", "end", session.id()).exits(Exit.OK);

      assertThat(shop.finds(session)).isFalse();
      assertThat(redis.keys()).doesNotContain("holdfast:shop:{" + session.locator() + "}");
    }
  }

  @Test
  void hostileNamesHarmNeitherTheTableNorTheJson() {
    String user = "al\"ice\\ \n\u001b[2J\u202e <b> \uD83D";
    String attribute = "a\"\\\n\u0000\u001b]0;x\u0007 \uDE00 \u00fc";
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri())) {
      Session session = shop.login(user);
      session.attribute(attribute, "x");
      shop.manager.commit(session);

      Shell shell = shell(redis.uri());
      JsonNode listed = shell.run("sessions", "list", "--json").exits(Exit.OK).json().get(0);
      JsonNode shown =
          shell.run("sessions", "show", session.id(), "--json").exits(Exit.OK).json().get(0);
      JsonNode users = shell.run("users", "list", "--json").exits(Exit.OK).json().get(0);
      String tables =
          shell.run("sessions", "list").out()
              + shell.run("sessions", "show", session.id()).out()
              + shell.run("users", "list").out();

      // The login's stored form takes a lone surrogate for a question mark.
      String stored = listed.get("user").asText();
      assertThat(stored).startsWith(user.substring(0, user.length() - 1));
      assertThat(users.get("user").asText()).isEqualTo(stored);
      List<String> names = new ArrayList<>();
      shown.get("attributes").forEach(value -> names.add(value.get("name").asText()));
      assertThat(names).containsExactlyInAnyOrder(attribute, "cart");
      assertThat(tables.chars().filter(c -> c != '\n'))
          .allSatisfy(c -> assertThat(Character.getType(c)).isNotEqualTo(Character.CONTROL));
      assertThat(tables).contains("\\u001b[2J").doesNotContain("\u202e");
    }
  }

  @Test
  void aSessionIsShownWithTypesAndSizesAndWithoutValues() {
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri(), encryption(true))) {
      Session session = shop.login("alice");

      String readable =
          shell(redis.uri(), true).run("sessions", "show", session.id()).exits(Exit.OK).out();
      Answer sealed =
          shell(redis.uri()).with("ENCRYPTION_KEYS", NEW).run("sessions", "show", session.id());
      Answer list = shell(redis.uri()).with("ENCRYPTION_KEYS", NEW).run("sessions", "list");

      assertThat(readable).contains("cart", "java.util.ArrayList", "alice").doesNotContain("anvil");
      assertThat(sealed.out()).contains("(sealed, no key here)");
      assertThat(sealed.out() + sealed.err()).doesNotContain("anvil").doesNotContain("alice");
      assertThat(list.err()).contains("1 more cannot be read here");
    }
  }

  @Test
  void anAmbiguousBeginningEndsNothing() {
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri())) {
      // Such an id looks like an option.
      Session session = shop.login("alice");
      while (!session.id().startsWith("-")) {
        session = shop.login("alice");
      }
      Shell shell = shell(redis.uri());

      shell.run("sessions", "end", session.id().substring(0, 5)).exits(Exit.USAGE);
      shell.run("sessions", "end", "*").exits(Exit.USAGE);
      shell.run("sessions", "end", "AAAAAAAAAA").exits(Exit.FOUND);
      shell.run("sessions", "show", "AAAAAAAAAA").exits(Exit.FOUND);

      assertThat(shop.finds(session)).isTrue();
      shell.run("sessions", "show", "--", session.id().substring(0, 10)).exits(Exit.OK);
      assertThat(shell.run("sessions", "end", session.id()).exits(Exit.OK).err())
          .contains("INFO: SESSION_ENDED session=", "INFO: ADMIN_ACTED session=");
      assertThat(shop.finds(session)).isFalse();
    }
  }

  @Test
  void exitCodesTellWhatIsWrong(@TempDir Path directory) throws Exception {
    Shell nowhere = new Shell().with("REDIS_URI", "redis://127.0.0.1:1").with("APP", "shop");
    Path file = directory.resolve("holdfast.properties");
    Files.writeString(file, "redis.uri = redis://:hunter2@127.0.0.1:1\napp = shop\n");

    assertThat(nowhere.run("sessions", "list").exits(Exit.UNAVAILABLE).err())
        .contains("check that it runs");
    assertThat(nowhere.run("doctor", "--json").exits(Exit.UNAVAILABLE).json())
        .anySatisfy(finding -> assertThat(finding.get("level").asText()).isEqualTo("FAIL"));
    assertThat(nowhere.run("restore").exits(Exit.SETTINGS).err()).contains("backup.database");
    assertThat(nowhere.run("backup", "now").exits(Exit.SETTINGS).err()).contains("backup.database");
    assertThat(nowhere.run("keys", "rotate").exits(Exit.SETTINGS).err()).contains("no key");
    assertThat(nowhere.run("sessons", "list").exits(Exit.USAGE).err()).contains("sessions");
    assertThat(nowhere.run("sessions").exits(Exit.USAGE).err()).contains("list");
    nowhere.run().exits(Exit.USAGE);
    nowhere.run("sessions", "list", "--limit", "0").exits(Exit.USAGE);
    assertThat(
            new Shell()
                .with("REDIS_URI", "redis://127.0.0.1:1")
                .run("sessions", "list")
                .exits(Exit.USAGE)
                .err())
        .contains("--app");
    assertThat(
            new Shell()
                .run("sessions", "list", "--set", "redis.timout=1s", "--set", "app=a b")
                .exits(Exit.SETTINGS)
                .err())
        .contains("3 faults", "did you mean redis.timeout?", "app = a b", "redis.uri: missing");
    Answer fromFile =
        new Shell().run("sessions", "list", "--config", file.toString()).exits(Exit.UNAVAILABLE);
    assertThat(fromFile.err()).contains("127.0.0.1:1").doesNotContain("hunter2");
    new Shell().run("doctor", "--config", directory + "/no").exits(Exit.SETTINGS);
  }

  @Test
  void everyCommandShowsAnExample() {
    Shell shell = new Shell();
    for (String command :
        List.of(
            "",
            "sessions",
            "sessions list",
            "sessions show",
            "sessions end",
            "users",
            "users list",
            "users end",
            "backup",
            "backup now",
            "restore",
            "keys",
            "keys rotate",
            "doctor")) {
      String[] words = (command + " --help").strip().split(" ");
      assertThat(shell.run(words).exits(Exit.OK).out()).contains("Example", "java -jar holdfast");
    }
    assertThat(shell.run("--version").exits(Exit.OK).out()).startsWith("Holdfast ");
  }

  @Test
  void theMinimalUserMayDoAllOfItAndTheDoctorSaysWhatItMayNotAsk() {
    try (RedisServer redis = RedisServer.startWithUsers();
        Shop shop = new Shop(redis.uri("holdfast"), encryption(true))) {
      Session session = shop.login("alice");
      Shell shell = shell(redis.uri("holdfast"), true);
      shell.run("sessions", "list").exits(Exit.OK);
      shell.run("sessions", "show", session.id()).exits(Exit.OK);
      shell.run("users", "list").exits(Exit.OK);
      shell.run("keys", "rotate").exits(Exit.OK);
      shell.run("sessions", "end", session.id()).exits(Exit.OK);
      assertThat(MinimalUser.refusals(redis)).isEmpty();

      Answer doctor = shell.run("doctor", "--json");

      assertThat(levels(doctor, "rights")).containsExactly("OK");
      assertThat(levels(doctor, "excess")).containsExactly("OK");
      assertThat(levels(doctor, "scripts")).containsExactly("OK");
      assertThat(levels(doctor, "version")).containsExactly("OK");
      assertThat(levels(doctor, "clock")).containsExactly("OK");
      assertThat(levels(doctor, "persistence")).containsExactly("UNKNOWN");
      assertThat(levels(doctor, "memory")).containsExactly("UNKNOWN");
      assertThat(doctor.out()).contains("the user may not INFO");
      assertThat(redis.keys()).noneMatch(key -> key.contains("doctor"));
    }
  }

  private static List<String> levels(Answer doctor, String check) {
    return doctor.json().stream()
        .filter(finding -> finding.get("check").asText().equals(check))
        .map(finding -> finding.get("level").asText())
        .toList();
  }

  @Test
  void theDoctorSaysWhatToChange() {
    try (RedisServer redis =
        RedisServer.start("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru")) {
      redis.command("ACL", "SETUSER", "poor", "on", ">x", "~*", "&*", "-@all", "+hello", "+time");
      Answer admin = shell(redis.uri(), false).run("doctor", "--json").exits(Exit.FOUND);
      Answer poor =
          shell("redis://poor:x@" + redis.host() + ":" + redis.port(), true)
              .run("doctor", "--json")
              .exits(Exit.FOUND);

      assertThat(levels(admin, "memory")).containsExactly("FAIL");
      assertThat(levels(admin, "excess")).containsExactly("WARN");
      assertThat(levels(admin, "encryption")).containsExactly("WARN");
      assertThat(levels(admin, "persistence")).containsExactly("WARN");
      assertThat(admin.json())
          .filteredOn(finding -> !finding.get("level").asText().equals("OK"))
          .allSatisfy(finding -> assertThat(finding.get("remedy").asText()).isNotEmpty());
      assertThat(levels(poor, "rights")).containsExactly("FAIL");
      assertThat(levels(poor, "scripts")).containsExactly("FAIL");
      assertThat(poor.out()).contains("HGETALL").contains("SUBSCRIBE").doesNotContain("poor:x");
      assertThat(redis.keys()).isEmpty();
    }
  }

  @Test
  void theDoctorComparesWhatTheNodesHaveNoted() {
    try (RedisServer redis = RedisServer.start()) {
      Settings settings = TestSettings.of(redis.uri());
      try (RedisSessionStore store = new RedisSessionStore(settings)) {
        NodeRegister nodes = store.nodes();
        List<NodeRegister.Node> one =
            nodes.note(new NodeRegister.Node("one", Map.of("absolute.timeout", "8h")));
        assertThat(levels(shell(redis.uri()).run("doctor", "--json"), "nodes"))
            .containsExactly("OK");
        List<NodeRegister.Node> two =
            nodes.note(
                new NodeRegister.Node(
                    "two", Map.of("absolute.timeout", "9h", "encryption.keys", "0b27982d")));
        assertThat(one.size() + two.size()).isEqualTo(3);
      }
      assertThat(shell(redis.uri()).run("doctor").exits(Exit.FOUND).out())
          .contains("absolute.timeout: is 8h on one; 9h on two")
          .contains("encryption.keys: is none for this command, and on nodes 0b27982d");
    }
  }

  @Test
  void theDoctorReadsAWarWithoutAnySettings(@TempDir Path war) throws Exception {
    Files.createDirectories(war.resolve("WEB-INF"));
    Files.writeString(
        war.resolve("WEB-INF/web.xml"),
        "<web-app xmlns=\"http://java.sun.com/xml/ns/javaee\" version=\"3.0\"/>");
    Shell shell = new Shell();

    Answer text = shell.run("doctor", "--war", war.toString());
    JsonNode report =
        shell.run("doctor", "--war", war.toString(), "--json").exits(text.exit()).json().get(0);

    assertThat(text.out()).contains("blockers", "warnings");
    assertThat(report.get("report").get("findings").size()).isPositive();
    shell.run("doctor", "--war", war + "/none.war").exits(Exit.USAGE);
  }

  @Test
  void aClusterIsLookedAfterOnAllItsServers() {
    try (RedisCluster cluster = RedisCluster.startWithUsers();
        Shop shop = new Shop(cluster.uri("holdfast-cluster"))) {
      List<Session> sessions = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        sessions.add(shop.login("alice"));
      }
      Shell shell = shell(cluster.uri("holdfast-cluster"));

      assertThat(shell.run("sessions", "list", "--json").exits(Exit.OK).json()).hasSize(30);
      Answer doctor = shell.run("doctor", "--json");
      shell.run("users", "end", "alice").exits(Exit.OK);

      assertThat(levels(doctor, "slots")).containsExactly("OK");
      assertThat(levels(doctor, "rights")).hasSize(cluster.primaries().size()).containsOnly("OK");
      assertThat(sessions).noneMatch(shop::finds);
    }
  }

  @Test
  void sentinelsLeadToThePrimary() {
    try (SentinelServers sentinels = SentinelServers.start(1);
        Shop shop = new Shop(sentinels.uri())) {
      Session session = shop.login("alice");
      Shell shell = shell(sentinels.uri());

      assertThat(shell.run("sessions", "list", "--json").exits(Exit.OK).json()).hasSize(1);
      assertThat(levels(shell.run("doctor", "--json"), "replication")).containsExactly("OK");
      shell.run("sessions", "end", session.id()).exits(Exit.OK);

      assertThat(shop.finds(session)).isFalse();
    }
  }

  @Test
  void keysAreExchangedWhileTheNodesAreInUseAndNoSessionIsLost() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong requests = new AtomicLong();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    try (RedisServer redis = RedisServer.start();
        Shop node = new Shop(redis.uri(), "encryption.keys", NEW + "," + KEY)) {
      List<Session> sessions = new ArrayList<>();
      try (Shop before = new Shop(redis.uri(), "encryption.keys", KEY)) {
        for (int i = 0; i < 2_000; i++) {
          sessions.add(before.login("user-" + i));
        }
      }
      Thread load =
          new Thread(
              () -> {
                for (int i = 0; !done.get(); i = (i + 7) % sessions.size()) {
                  Session held = node.manager.join(sessions.get(i).token()).session();
                  if (held == null) {
                    lost.add(sessions.get(i).id());
                    continue;
                  }
                  held.attribute("n", requests.incrementAndGet());
                  node.manager.commit(held);
                  node.manager.release(held);
                }
              },
              "load");
      load.start();
      Answer answer;
      try {
        answer =
            shell(redis.uri())
                .with("ENCRYPTION_KEYS", NEW + "," + KEY)
                .run("keys", "rotate", "--per-second", "500", "--json")
                .exits(Exit.OK);
      } finally {
        done.set(true);
        load.join();
      }

      assertThat(lost).isEmpty();
      assertThat(requests.get()).isGreaterThan(100);
      assertThat(answer.err())
          .containsPattern("[0-9,]+ of 2,000 looked at, [0-9,]+ encrypted anew");
      Set<String> keys = new HashSet<>();
      for (Session session : sessions) {
        redis
            .hash("holdfast:shop:{" + session.locator() + "}")
            .forEach(
                (field, value) -> {
                  if (field.startsWith("a:") || field.equals("m:u")) {
                    keys.add(new String(requireNonNull(value), 1, 4, ISO_8859_1));
                  }
                });
      }
      assertThat(keys).as("keys that something is sealed with").hasSize(1);
      try (Shop after = new Shop(redis.uri(), "encryption.keys", NEW)) {
        assertThat(sessions).allMatch(after::finds);
      }
    }
  }

  @Test
  void aBackupIsMadeAndPutBackWithProgressAndWhatHasEndedStaysSo() {
    Postgres database = Postgres.database();
    String driver =
        Path.of(
                org.postgresql.Driver.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath())
            .toString();
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri())) {
      List<Session> sessions = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        sessions.add(shop.login("user-" + i));
      }
      Shell shell = shell(redis.uri()).with("BACKUP_DATABASE", database.url());
      assertThat(shell.run("backup", "now").exits(Exit.SETTINGS).err()).contains("--class-path");

      Answer made = shell.run("backup", "now", "--class-path", driver).exits(Exit.OK);
      Session ended = sessions.remove(0);
      shell.run("sessions", "end", ended.id(), "--class-path", driver).exits(Exit.OK);
      redis.command("FLUSHALL");
      Answer restored = shell.run("restore", "--class-path", driver).exits(Exit.OK);

      assertThat(made.out()).isEqualTo("3,000 sessions are in the backup\n");
      assertThat(restored.err()).contains("2,999 of 2,999 looked at, 2,999 put back");
      assertThat(restored.out()).isEqualTo("2,999 sessions are back\n");
      assertThat(shop.finds(ended)).isFalse();
      assertThat(sessions).allMatch(shop::finds);
      assertThat(shell(redis.uri()).run("sessions", "list", "--json").json()).hasSize(2_999);
      assertThat(shell(redis.uri()).run("sessions", "list", "--user", "user-7", "--json").json())
          .hasSize(1);
    }
  }

  @Test
  void whatIsStoppedHalfWayIsDoneByTheNextRun() throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      try (Shop before = new Shop(redis.uri(), "encryption.keys", KEY)) {
        for (int i = 0; i < 300; i++) {
          Session unused = before.login("user-" + i);
        }
      }
      Shell shell = shell(redis.uri()).with("ENCRYPTION_KEYS", NEW + "," + KEY);
      Running running = shell.start("keys", "rotate", "--per-second", "50");
      await().atMost(Duration.ofSeconds(60)).until(() -> running.errSoFar().contains("looked at"));
      // As Ctrl-C does.
      assertThat(running.process().supportsNormalTermination()).isTrue();
      running.process().destroy();
      Answer stopped = running.await();

      assertThat(stopped.exit()).isNotZero();
      assertThat(stopped.err()).contains("Stopped; what has been done stays.");
      JsonNode rest =
          shell
              .run("keys", "rotate", "--per-second", "5000", "--json")
              .exits(Exit.OK)
              .json()
              .get(0);
      assertThat(rest.get("rewritten").asInt()).isBetween(1, 299);
      try (Shop after = new Shop(redis.uri(), "encryption.keys", NEW)) {
        assertThat(
                shell(redis.uri())
                    .with("ENCRYPTION_KEYS", NEW)
                    .run("users", "list", "--json")
                    .json())
            .hasSize(300);
      }
    }
  }
}
