package dev.holdfast.container;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

/**
 * No cookie that was issued can be found anywhere but at the client, and with a key no value of an
 * attribute and no name of a user. One application has a key and one has none; what the latter
 * stores shows that the search finds what is there.
 */
@AnyContainer(Container.TOMCAT_11)
class SecrecyIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PARAMETER =
      "<context-param><param-name>holdfast.%s</param-name><param-value>%s</param-value>"
          + "</context-param>";

  @TempDir Path directory;

  private final Container container;

  SecrecyIT(Container container) {
    this.container = container;
  }

  @Test
  void noIssuedCookieAndNoSealedValueIsAnywhereButAtTheClient() throws Exception {
    Postgres database = Postgres.database();
    try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        RedisMonitor monitor = new RedisMonitor(redis);
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("/sealed", war("encryption.keys", TestSettings.KEY))
                .deploy("/plain", war("expiry.events", "on"))
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .environment("HOLDFAST_BACKUP_DATABASE", database.url())
                .environment("HOLDFAST_BACKUP_INTERVAL", "1s")
                // The other one has no key, whatever all tests are to have.
                .inTheClear()
                .logEverythingOf("dev.holdfast", "io.lettuce", "io.netty", "reactor")
                .start();
        NodeJvm jvm = new NodeJvm(node)) {
      List<SetCookie> issued = new ArrayList<>();
      issued.addAll(use(node, "/sealed", "alice wonderland", "off-with-her-head"));
      issued.addAll(use(node, "/plain", "root toor", "curiouser-and-curiouser"));
      await().atMost(PATIENCE).until(() -> rowsOf(database).contains("curiouser"));
      await().atMost(PATIENCE).until(() -> rowsOf(database).contains("sealed"));
      redis.command("SAVE");

      Map<String, String> places = new LinkedHashMap<>();
      places.put("MONITOR", monitor.all().toString());
      places.put("files of Redis", filesIn(redis.directory()));
      places.put("keys of Redis", contentOf(redis));
      places.put("rows of the backup", rowsOf(database));
      places.put("MBeans", jvm.allAttributes());
      places.put("log", node.log());

      places.forEach((place, text) -> assertNoSecret(place, text, issued));
      for (String place :
          List.of("MONITOR", "files of Redis", "keys of Redis", "rows of the backup")) {
        String text = places.get(place);
        // Kryo marks the last character of a text.
        assertThat(text.contains("off-with-her-hea")).as("a sealed value, " + place).isFalse();
        assertThat(text.contains("alic")).as("who is logged in there, " + place).isFalse();
        assertThat(text.contains("curiouser-and-curiouse")).as("found in " + place).isTrue();
        assertThat(text.contains("roo")).as("found in " + place).isTrue();
        assertThat(text.contains("motto")).as("names can be read, " + place).isTrue();
      }
      assertThat(places.get("keys of Redis"))
          .contains("holdfast:sealed:expiry:{", "holdfast:sealed:user:{");
      assertThat(places.get("MBeans")).contains("java.lang:type=Memory HeapMemoryUsage");
      assertThat(places.get("log"))
          .containsPattern(" FINE(ST)? (dev\\.holdfast\\.lib\\.)?io\\.lettuce");
    }
  }

  private Path war(String setting, String value) {
    return WarBuilder.probe(PARAMETER.formatted(setting, value))
        .holdfast()
        .libraries(WarBuilder.originOf(Driver.class))
        .in(directory);
  }

  /** Everything that makes a cookie; what is left is somebody who is logged in. */
  private static List<SetCookie> use(
      ContainerNode node, String contextPath, String login, String motto) {
    Browser user = node.browser(contextPath);
    user.run("set motto " + motto);
    user.run("rotate", "set color blue");
    assertThat(user.run("login " + login).of("login " + login)).isEqualTo("done");
    user.run("get color", "get motto", "session");
    user.run("print left alone");
    Browser other = node.browser(contextPath);
    other.run("create");
    other.run("invalidate");
    SetCookie first = other.history().get(0);
    other.runWithCookies(first.name() + "=" + first.value(), "session");
    List<SetCookie> issued =
        Stream.concat(user.history().stream(), other.history().stream())
            .filter(cookie -> !cookie.value().isEmpty())
            .toList();
    assertThat(issued).extracting(SetCookie::value).hasSizeGreaterThanOrEqualTo(4);
    assertThat(issued).extracting(SetCookie::value).doesNotHaveDuplicates();
    return issued;
  }

  /**
   * The locator is in the key and may be seen; the secret may not, nor most of it, nor its bytes;
   * and neither may the key that seals.
   */
  private static void assertNoSecret(String place, String text, List<SetCookie> issued) {
    assertThat(text.contains(TestSettings.KEY)).as("the key, " + place).isFalse();
    for (SetCookie cookie : issued) {
      String secret = cookie.value().substring(cookie.value().length() - 40);
      String bytes = new String(Base64.getUrlDecoder().decode(secret), StandardCharsets.ISO_8859_1);
      assertThat(text.contains(secret)).as("a secret, " + place).isFalse();
      assertThat(text.contains(bytes)).as("the bytes of a secret, " + place).isFalse();
    }
  }

  private static String filesIn(Path directory) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(file).append(' ').append(text(Files.readAllBytes(file))).append('\n');
      }
    }
    return all.toString();
  }

  /** Names and content of all keys: sessions, and the indexes of users and of expiry. */
  private static String contentOf(RedisServer redis) {
    StringBuilder all = new StringBuilder();
    for (String key : redis.keys()) {
      Object content =
          switch (String.valueOf(redis.command("TYPE", key))) {
            case "hash" -> redis.command("HGETALL", key);
            case "zset" -> redis.command("ZRANGE", key, 0, -1, "WITHSCORES");
            default -> redis.command("GET", key);
          };
      all.append(key).append(' ');
      for (Object part :
          content instanceof List<?> list ? list : List.of(requireNonNull(content))) {
        all.append(text(part)).append(' ');
      }
      all.append('\n');
    }
    return all.toString();
  }

  private static String rowsOf(Postgres database) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM holdfast_session")) {
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          all.append(text(rows.getObject(i))).append(' ');
        }
        all.append('\n');
      }
    }
    return all.toString();
  }

  private static String text(Object part) {
    return part instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : String.valueOf(part);
  }
}
