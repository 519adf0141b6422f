package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * No password, in whatever form a setting holds it, is in a message, a report or a text of
 * settings.
 */
class SecretsTest {
  private static final int ROUNDS = Boolean.getBoolean("holdfast.full") ? 20_000 : 2_000;

  /**
   * {@code S} stands for the secret, {@code E} for its percent-encoded form, {@code P} for what is
   * left of it without punctuation.
   */
  private static final List<String> REDIS =
      List.of(
          "redis://user:S@h:6379",
          "redis://user:E@h:6379/1",
          "redis://:E@h",
          "redis://E%40h:6379",
          "redis://user:E%40h",
          "rediss://S@h",
          "redis-sentinel://u:S@a,b:1#main",
          "redis-sentinel://u:E@a,b:1#main",
          "redis-sentinel://S#x@a#main",
          "redis-cluster://S:E@a,b",
          "redis://h:6379?password=S",
          "redis://h/S",
          "redis://h:S",
          "redis:user:S@h",
          "S@h:6379",
          "http://u:S@h",
          "redis://u:12/S@h",
          "redis://u:1?S@h",
          "redis://u:S",
          "S");

  private static final List<String> DATABASES =
      List.of(
          "jdbc:postgresql://u:S@h/d",
          "jdbc:postgresql://h/d?user=u&password=S",
          "postgres://u:S@h:5432/d",
          "postgresql://u:E@h/d",
          "jdbc:mysql://u:S@h:1,h2/d",
          "jdbc:mysql://address=(host=h)(user=u)(password=S)/d",
          "jdbc:mysql://(password=S,host=h)/d",
          "jdbc:oracle:thin:u/S@h:1521:x",
          "jdbc:oracle:thin:u/S@//h:1521/x",
          "jdbc:oracle:thin:@(DESCRIPTION=(PASSWORD=S))",
          "jdbc:db2://h:50000/d:user=u;password=S;",
          "jdbc:sqlserver://h:1433;user=u;password=S",
          "jdbc:sqlserver://h\\S;password=S",
          "jdbc:h2:mem:x;PASSWORD=S",
          "jdbc:h2:file:/S",
          "jdbc:S://h/d",
          "jdbc:x:S",
          "JDBC:x:S",
          "jdbc:postgresql://S@h",
          "jdbc:postgresql://u:1/S@h",
          "jdbc:mariadb://h;S@h2/",
          "P",
          "ds/P",
          "S");

  private final Random random = new Random(11);

  private String secret() {
    String alphabet = "abcXYZ0123456789!$%&/()=?*+~#'<>|@:;,.-_ \\\"\u00e4\u20ac";
    StringBuilder secret = new StringBuilder("hunter");
    for (int i = 3 + random.nextInt(8); i > 0; i--) {
      secret.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return secret.append("2pw").toString();
  }

  private static String in(String form, String secret) {
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
    String plain = secret.replaceAll("[^A-Za-z0-9]", "");
    if (form.endsWith(":S")) {
      // What follows an @ would be the host, which is shown.
      return form.replace("S", secret.replace("@", ""));
    }
    return form.replaceAll("\\bP\\b", plain).replace("E", encoded).replace("S", secret);
  }

  @Test
  void noSecretIsShownAnywhere() {
    for (int i = 0; i < ROUNDS; i++) {
      String secret = secret();
      String redis = in(REDIS.get(i % REDIS.size()), secret);
      String database = in(DATABASES.get(i % DATABASES.size()), secret);
      check(Map.of("redis.uri", redis), redis);
      check(Map.of("redis.uri", "redis://h", "backup.database", database), database);
      check(
          Map.of("redis.uri", "redis://h", "backup.database", database, "redis.timeout", "no time"),
          database);
      for (String file : List.of("redis.credentials", "redis.trust", "encryption.keys-file")) {
        check(Map.of("redis.uri", "redis://h", file, "user:" + secret), file);
      }
      check(Map.of("redis.uri", "redis://h", "redis.sentinel-auth", secret), "sentinel-auth");
      check(Map.of("redis.uri", "redis://h", "encryption.keys", secret), "keys");
    }
  }

  private static void check(Map<String, String> written, String what) {
    String said;
    try {
      LoadedSettings loaded = SettingsLoader.load(List.of(Source.initParams(written)), "/shop");
      said =
          loaded.report()
              + loaded.settings().toString()
              + loaded.settings().redis()
              + loaded.settings().redis().keyspace()
              + loaded.settings().backup()
              + loaded.settings().backup().shownDatabase();
    } catch (ConfigurationException e) {
      StringBuilder all = new StringBuilder();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        all.append(cause);
      }
      said = all.toString();
    }
    assertThat(said).as(what).doesNotContainIgnoringCase("hunter").doesNotContain("2pw");
  }
}
