package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.CredentialsProvider;
import dev.holdfast.api.CredentialsProvider.Credentials;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RecordingLog;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** User and password for a real Redis from a class of the application, and what goes wrong. */
class CredentialsProviderTest {
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static volatile Callable<@Nullable Credentials> answer = () -> null;
  private static volatile String asker = "";
  private static volatile @Nullable ClassLoader loader;

  private final RecordingLog log = new RecordingLog();
  private final RedisServer server = RedisServer.start("--requirepass", "hunter2");

  /** As an application would write one. */
  public static final class Vault implements CredentialsProvider {
    @Override
    @SuppressWarnings("NullAway") // an application may not check it
    public Credentials credentials() {
      ASKED.incrementAndGet();
      asker = Thread.currentThread().getName();
      loader = Thread.currentThread().getContextClassLoader();
      try {
        return answer.call();
      } catch (Exception e) {
        throw new IllegalStateException("the vault said " + e.getMessage(), e);
      }
    }
  }

  /** Cannot be made. */
  public static final class Broken implements CredentialsProvider {
    public Broken() {
      throw new UnsupportedOperationException("no vault at first-pw");
    }

    @Override
    public Credentials credentials() {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void user() {
    ASKED.set(0);
    server.command("ACL", "SETUSER", "shop", "on", ">first-pw", "~*", "&*", "+@all");
  }

  @AfterEach
  void close() {
    server.close();
    log.close();
  }

  @Test
  void aPasswordIsExchangedWithoutARestartAndNeverShown() {
    answer = () -> new Credentials("shop", "first-pw");
    try (RedisSessionStore store = store()) {
      assertThat(ASKED).hasValue(0);
      assertAnswers(store);
      assertThat(ASKED).hasValue(1);
      server.command("ACL", "SETUSER", "shop", "<first-pw", ">second-pw");
      assertAnswers(store);
      assertThat(ASKED).as("asked for a connection, not for a call").hasValue(1);
      disconnect();
      await()
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(Workload.refusal(store))
                      .contains("WRONGPASS", "redis.credentials-provider"));
      answer = () -> new Credentials("shop", "second-pw");
      awaitAnswer(store);
    }
    assertThat(log.text()).contains("WRONGPASS").doesNotContain("first-pw", "second-pw");
  }

  @Test
  void whoIsSlowHoldsUpNoThreadThatServesConnections() {
    answer = () -> new Credentials("shop", "first-pw");
    try (RedisSessionStore store = store()) {
      assertAnswers(store);
      assertThat(asker).isEqualTo("shop-redis-connect");
      assertThat(loader).isSameAs(Vault.class.getClassLoader());
    }
  }

  @Test
  void oneWithoutAUserIsForTheDefaultUser() {
    answer = () -> new Credentials(null, "hunter2");
    try (RedisSessionStore store = store()) {
      assertAnswers(store);
    }
  }

  @Test
  void oneThatFailsIsNamedAndAskedAgainAndItsMessageIsNotShown() {
    answer =
        () -> {
          throw new IllegalStateException("first-pw has been revoked");
        };
    try (RedisSessionStore store = store()) {
      assertThat(Workload.refusal(store))
          .contains(
              "redis.credentials-provider: " + Vault.class.getName(),
              "threw java.lang.IllegalStateException at CredentialsProviderTest.java:",
              "let the class log it")
          .doesNotContain("first-pw", "rediss");
      answer = () -> null;
      awaitFault(store, Vault.class.getName() + " gave null; it must give a user, or none, and");
      answer = () -> new Credentials("shop", "");
      awaitFault(store, Vault.class.getName() + " has no password; it must give");
      answer =
          () -> {
            throw new NoClassDefFoundError("first-pw");
          };
      awaitFault(store, "threw java.lang.NoClassDefFoundError at CredentialsProviderTest.java:");
      answer = () -> new Credentials("shop", "first-pw");
      awaitAnswer(store);
    }
    assertThat(log.text())
        .contains("threw java.lang.IllegalStateException at")
        .doesNotContain("first-pw");
  }

  @Test
  void aClassThatIsNoneStopsTheStart() {
    for (String name :
        new String[] {"com.example.Missing", "java.lang.String", Broken.class.getName()}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store(name))
          .withMessageStartingWith("redis.credentials-provider: " + name + " cannot be used (")
          .withMessageEndingWith(
              "); it must be in the web application, implement "
                  + CredentialsProvider.class.getName()
                  + " and have a public constructor without arguments")
          .satisfies(e -> assertThat(e).hasNoCause())
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("first-pw"));
    }
  }

  @Test
  void aFileThatIsEmptyOrGoneConnectsNobodyAndSaysSo(@TempDir Path directory) throws Exception {
    server.command("ACL", "SETUSER", "default", "nopass");
    Path file = Files.writeString(directory.resolve("login"), "\n");
    try (RedisSessionStore store = openStore("redis.credentials", file.toString())) {
      assertThat(Workload.refusal(store))
          .contains("redis.credentials: " + file + " has no password; it must give");
      Files.delete(file);
      awaitFault(
          store,
          "redis.credentials: " + file + " cannot be read (java.nio.file.NoSuchFileException)");
      Files.writeString(file, "shop:first-pw");
      awaitAnswer(store);
    }
  }

  @Test
  void credentialsDoNotPrintTheirPassword() {
    assertThat(new Credentials("shop", "first-pw"))
        .hasToString("Credentials[user=shop, password=***]");
  }

  private void disconnect() {
    server.command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes");
  }

  private RedisSessionStore store() {
    return store(Vault.class.getName());
  }

  private RedisSessionStore store(String provider) {
    return openStore("redis.credentials-provider", provider);
  }

  private RedisSessionStore openStore(String... settings) {
    return new RedisSessionStore(TestSettings.of("redis://127.0.0.1:" + server.port(), settings));
  }

  private static void assertAnswers(RedisSessionStore store) {
    assertThat(store.check(Workload.locator(), null)).isNull();
  }

  private static void awaitAnswer(RedisSessionStore store) {
    await()
        .atMost(Duration.ofSeconds(3))
        .ignoreExceptions()
        .untilAsserted(() -> assertAnswers(store));
  }

  private static void awaitFault(RedisSessionStore store, String words) {
    await()
        .atMost(Duration.ofSeconds(3))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(Workload.refusal(store)).contains(words));
  }
}
