package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.session.Session;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command line makes of its arguments, in this process. */
class HoldfastCommandTest {
  private static final String SECRET = "s3cret";
  private static final String ID = "4mPq0_Xc1vAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    CommandLine line = HoldfastCommand.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    // The tests' own properties are no settings.
    Properties properties = (Properties) System.getProperties().clone();
    System.getProperties().keySet().removeIf(name -> name.toString().startsWith("holdfast."));
    try {
      return line.execute(words);
    } finally {
      System.setProperties(properties);
    }
  }

  /** Runs a command for the application /shop. */
  private int shop(String redisUri, String words) {
    List<String> all = new ArrayList<>(List.of(words.split(" ", -1)));
    List<String> where =
        List.of("--app", "shop", "--redis-uri", redisUri, "--set", "encryption=off");
    all.addAll(2, where);
    return run(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sessions end --dry-run " + ID,
        "sessions end " + ID + " --dry-run",
        "sessions end -kT3x9",
        "sessions show --verbose",
        "users end --dry-run",
        "users end -alice"
      })
  void whatLooksLikeAnOptionIsNoName(String words) {
    assertThat(shop("redis://127.0.0.1:1", words)).as(err.toString()).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("Unknown option: -", "\"--\"");
  }

  /** Ids are random, so that each beginning comes some day: it must not be taken for an option. */
  @Test
  void aWholeIdIsANameWhateverItBeginsWith() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (char second : alphabet.toCharArray()) {
      String id = "-" + second + ID.substring(2);
      assertThat(shop("redis://127.0.0.1:1", "sessions end " + id))
          .as("%s: %s", id, err)
          .isEqualTo(Exit.UNAVAILABLE);
    }
  }

  @Test
  void behindTwoDashesEverythingIsAName() {
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri(), "encryption", "off")) {
      Session session = shop.login("--dry-run");
      Session dashed = shop.login("alice");
      while (!dashed.id().startsWith("-")) {
        dashed = shop.login("alice");
      }

      assertThat(shop(redis.uri(), "users end -- --dry-run")).isEqualTo(Exit.OK);
      assertThat(shop(redis.uri(), "sessions show -- " + dashed.id().substring(0, 10)))
          .isEqualTo(Exit.OK);
      assertThat(shop(redis.uri(), "sessions end " + dashed.id())).isEqualTo(Exit.OK);

      assertThat(shop.finds(session)).isFalse();
      assertThat(shop.finds(dashed)).isFalse();
    }
  }

  @Test
  void aMistypedIdEndsNoneOfTheOthers() {
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri(), "encryption", "off")) {
      Session session = shop.login("alice");

      assertThat(shop(redis.uri(), "sessions end " + session.id() + " *")).isEqualTo(Exit.USAGE);

      assertThat(shop.finds(session)).isTrue();
      assertThat(out.toString()).isEmpty();
    }
  }

  @Test
  void whatIsEndedLeavesALineForAnAudit() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    HoldfastCommand.StandardError handler =
        new HoldfastCommand.StandardError(new PrintStream(log, true, UTF_8));
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try (RedisServer redis = RedisServer.start();
        Shop shop = new Shop(redis.uri(), "encryption", "off")) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ids.add(shop.login("bob").id());
      }
      Session alice = shop.login("alice");
      // Nothing may be left out, though lines of a kind are limited.
      assertThat(shop(redis.uri(), "sessions end " + String.join(" ", ids))).isEqualTo(Exit.OK);
      assertThat(shop(redis.uri(), "users end alice")).isEqualTo(Exit.OK);

      String account = System.getProperty("user.name");
      assertThat(log.toString(UTF_8).lines())
          .filteredOn(line -> line.contains("ADMIN_ACTED"))
          .hasSize(13)
          .allSatisfy(line -> assertThat(line).startsWith("INFO: ADMIN_ACTED session="))
          .last()
          .asString()
          .endsWith("on the command line, " + account + " ended 1 sessions of user alice");
      assertThat(log.toString(UTF_8))
          .contains("INFO: SESSION_ENDED session=")
          .doesNotContain(alice.id())
          .doesNotContain(ids.get(0));
    } finally {
      root.removeHandler(handler);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sessions list --set redis.uri:redis://:s3cret@h",
        "sessions list --set=redis.uri:redis://:s3cret@h",
        "sessions list --set s3cret",
        "sessions list --redisuri redis://:s3cret@h",
        "sessions list --redisuri=redis://:s3cret@h",
        "sessions list redis://:s3cret@h",
        "sessions list --sett backup.password=s3cret",
        "sessions list --password s3cret",
        "sessions list --limit redis://:s3cret@h",
        "sessions list --limit=redis://:s3cret@h",
        "sessions end --redisuri redis://:s3cret@h --app shop --set encryption=off"
            + " --redis-uri redis://127.0.0.1:1",
        "sessions end --redisuri=redis://:s3cret@h --app shop --set encryption=off"
            + " --redis-uri redis://127.0.0.1:1"
      })
  void aMistypedCommandShowsNoPassword(String words) {
    assertThat(run(words.split(" ", -1))).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).isNotBlank().doesNotContain(SECRET);
    assertThat(out.toString()).doesNotContain(SECRET);
  }

  @Test
  void aMistypedOptionIsNamed() {
    assertThat(run("sessions", "list", "--redisuri", "redis://:s3cret@h")).isEqualTo(Exit.USAGE);
    assertThat(err.toString()).contains("Unknown: --redisuri ***", "--redis-uri");
  }
}
