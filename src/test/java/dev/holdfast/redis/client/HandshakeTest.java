package dev.holdfast.redis.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.MinimalUser;
import dev.holdfast.redis.testing.RedisServer;
import io.lettuce.core.protocol.CommandType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A connection takes commands as soon as it is handed out. Lettuce ends the handshake on another
 * thread when it has to ask for the password there, and one connection in ten thousand rejected
 * what was sent first: the first request of an application was a 503.
 */
class HandshakeTest {
  private static final int CONNECTIONS = Boolean.getBoolean("holdfast.full") ? 100_000 : 1_000;

  private final RedisServer redis = RedisServer.startWithUsers();

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void aConnectionWithThePasswordOfTheAddressTakesCommandsAtOnce() throws Exception {
    connect(redis.uri("holdfast"));
  }

  @Test
  void aConnectionWithThePasswordOfAFileTakesCommandsAtOnce(@TempDir Path directory)
      throws Exception {
    Path login = Files.writeString(directory.resolve("login"), MinimalUser.login("holdfast"));
    connect("redis://127.0.0.1:" + redis.port(), "redis.credentials", "" + login);
  }

  private void connect(String uri, String... more) throws Exception {
    var settings = TestSettings.of(uri, more).redis();
    try (OneServer server =
        new OneServer(
            new Dialer(
                settings,
                "shop",
                RedisAddress.of(uri),
                getClass().getClassLoader(),
                HandshakeTest::script,
                null))) {
      for (int i = 0; i < CONNECTIONS; i++) {
        Link link = server.dial(Lane.SHARED);
        assertThat(link.isOpen()).isTrue();
        link.abandon();
      }
    }
  }

  private static List<Call<?>> script(Duration limit) {
    return List.of(Call.status(CommandType.SCRIPT, Call.args().add("LOAD").add("return 1"), limit));
  }
}
