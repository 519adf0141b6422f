package dev.holdfast.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RecordingLog;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis is reached where something is missing or slow that connecting could do without. */
class UnusualRedisTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LOCATOR = "AAAAAAAAAAAAAAAAAAAAAA";

  /** A small run-time image, and a container that hides the module. */
  @Test
  void withoutTheModuleOfSocketOptions() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                "java.base,java.logging,java.naming,java.management,java.sql,java.xml,jdk.unsupported",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ReachedRedis.class.getName(),
                RedisServer.shared().uri())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), UTF_8);
    assertThat(said).contains("reached, jdk.net missing");
    assertThat(java.waitFor()).isZero();
  }

  /** An administrator may rename commands away; sessions work, and the log says what is lost. */
  @ParameterizedTest
  @CsvSource({
    "HELLO, HELLO is not a command there",
    "SCRIPT, SCRIPT is not a command there",
    "HELLO ROLE, a replica is not recognised",
    "HELLO SCRIPT, SCRIPT is not a command there"
  })
  void withCommandsRenamedAway(String commands, String told) {
    RecordingLog log = new RecordingLog();
    try (RedisServer redis = RedisServer.start(renamed(commands));
        RedisSessionStore store = new RedisSessionStore(TestSettings.of(redis.uri()))) {
      byte[] secret = new byte[32];
      NewSession session =
          new NewSession(
              LOCATOR,
              secret,
              Stamp.first(RANDOM),
              store.now(),
              Duration.ofMinutes(30),
              null,
              null,
              Map.of("color", "red".getBytes(UTF_8)));
      assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
      StoredSession found = store.load(LOCATOR, secret);
      assertThat(found).isNotNull();
      assertThat(found.attributes().get("color").value()).isEqualTo("red".getBytes(UTF_8));
      assertThat(store.check(LOCATOR, null)).isNotNull();
      assertThat(store.users().file("ada", LOCATOR, 1, List.of(), Duration.ofMinutes(30)).filed())
          .isTrue();
      assertThat(store.users().members("ada", List.of()).members()).hasSize(1);
      assertThat(store.destroy(LOCATOR)).isNotNull();
      assertThat(log.text()).contains(told);
    } finally {
      log.close();
    }
  }

  private static String[] renamed(String commands) {
    StringBuilder arguments = new StringBuilder();
    for (String command : commands.split(" ")) {
      arguments
          .append("--rename-command ")
          .append(command)
          .append(" no-")
          .append(command)
          .append(' ');
    }
    return arguments.toString().strip().split(" ");
  }

  /** A replica is refused also where only ROLE tells. */
  @ParameterizedTest
  @ValueSource(strings = {"HELLO"})
  void aReplicaIsRefusedAllTheSame(String commands) {
    try (RedisServer primary = RedisServer.start();
        RedisServer replica = RedisServer.start(renamed(commands))) {
      replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
      try (RedisSessionStore store = new RedisSessionStore(TestSettings.of(replica.uri()))) {
        assertThatThrownBy(store::ensureAvailable)
            .isInstanceOf(SessionStoreUnavailableException.class)
            .hasMessageContaining("replica");
      }
    }
  }

  /** On a busy machine the handshake of the first connection takes longer than a command may. */
  @Test
  void aSlowHandshakeAtTheStartIsWaitedFor() throws Exception {
    RunningRedis redis = RedisServer.shared();
    try (FaultProxy proxy = new FaultProxy(redis.port())) {
      proxy.latency(Duration.ofMillis(700));
      String uri = redis.uri().replace(":" + redis.port(), ":" + proxy.port());
      try (RedisSessionStore store =
          new RedisSessionStore(TestSettings.of(uri, "redis.timeout", "300ms"))) {
        store.ensureAvailable();
        proxy.heal();
        assertThat(store.load(LOCATOR, null)).isNull();
      }
    }
  }
}
