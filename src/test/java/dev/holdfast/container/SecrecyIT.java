package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No cookie that was issued can be found anywhere but at the client, and with a key no value of an
 * attribute and no name of a user.
 */
@EachContainer
class SecrecyIT {

  @TempDir Path directory;

  private final Container container;

  SecrecyIT(Container container) {
    this.container = container;
  }

  @Test
  void noIssuedCookieAndNoValueIsInMonitorInRedisFilesOrInALog() throws IOException {
    try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        RedisMonitor monitor = new RedisMonitor(redis);
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("", WarBuilder.probe().holdfast().in(directory))
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .environment("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY)
                .logEverythingOf("dev.holdfast", "io.lettuce", "io.netty", "reactor")
                .start()) {
      Browser user = node.browser("");
      user.run("set motto off-with-her-head");
      user.run("rotate", "set color blue");
      user.run("login alice wonderland");
      user.run("get color", "get motto", "session");
      user.run("print left alone");
      Browser other = node.browser("");
      other.run("create");
      other.run("invalidate");
      other.runWithCookies(cookieHeader(other.history().get(0)), "session");
      redis.command("SAVE");

      List<String> issued =
          Stream.concat(user.history().stream(), other.history().stream())
              .map(SetCookie::value)
              .filter(value -> !value.isEmpty())
              .toList();
      assertThat(issued).hasSizeGreaterThanOrEqualTo(4).doesNotHaveDuplicates();
      String commands = monitor.all().toString();
      String log = node.log();
      assertThat(commands).contains("HMGET");
      assertThat(log.contains(" FINEST io.lettuce") || log.contains(" FINE io.lettuce")).isTrue();
      for (String plain : List.of("off-with-her-head", "alice", TestSettings.KEY)) {
        assertThat(commands.contains(plain)).as(plain + " in MONITOR").isFalse();
        assertThat(filesWith(redis.directory(), plain)).as(plain + " in files of Redis").isEmpty();
      }
      assertThat(filesWith(redis.directory(), "a:motto")).as("names can be read").isNotEmpty();
      assertThat(log.contains(TestSettings.KEY)).as("the key in the log").isFalse();
      for (String token : issued) {
        // The locator is in the key and may be seen; the secret may not, nor a part of it.
        String secret = token.substring(token.length() - 40);
        assertThat(commands.contains(secret)).as("in MONITOR").isFalse();
        assertThat(log.contains(secret)).as("in the log").isFalse();
        assertThat(filesWith(redis.directory(), secret)).as("files of Redis").isEmpty();
      }
      String key = redis.keys().stream().filter(k -> k.contains(":{")).findFirst().orElseThrow();
      assertThat(filesWith(redis.directory(), key))
          .as("the search finds what is there")
          .isNotEmpty();
    }
  }

  private static String cookieHeader(SetCookie cookie) {
    return cookie.name() + "=" + cookie.value();
  }

  private static List<Path> filesWith(Path directory, String text) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).filter(file -> contains(file, text)).toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
