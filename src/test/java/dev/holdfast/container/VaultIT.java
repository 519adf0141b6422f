package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.container.vault.VaultKeys;
import dev.holdfast.container.vault.VaultLogin;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** Passwords and keys that classes in the WAR give, on threads that belong to no application. */
@AnyContainer(Container.TOMCAT_11)
class VaultIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String NEXT_KEY = "4mC0bW8yQe1Zr7TtVnA5sXdK2hGfJ9oL6uPiRkYx3Bw=";

  @TempDir static Path directory;
  private static Path vault;
  private static RedisServer redis;
  private static ContainerNode node;

  VaultIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) throws IOException {
    vault = Files.createTempDirectory(directory, "vault");
    Files.writeString(vault.resolve("password"), "first-pw");
    Files.writeString(vault.resolve("keys"), TestSettings.KEY);
    redis = RedisServer.start("--requirepass", "hunter2");
    redis.command("ACL", "SETUSER", "shop", "on", ">first-pw", "~*", "&*", "+@all");
    String settings =
        "redis.credentials-provider=%s%nencryption.provider=%s%n"
            .formatted(VaultLogin.class.getName(), VaultKeys.class.getName());
    node =
        ContainerNode.on(container)
            .deploy(
                "/shop",
                WarBuilder.probe()
                    .packageOf(VaultLogin.class)
                    .resource("WEB-INF/classes/holdfast.properties", settings)
                    .holdfast()
                    .in(directory))
            .environment("HOLDFAST_REDIS_URI", "redis://127.0.0.1:" + redis.port())
            .systemProperty("vault", vault.toString())
            // The application has keys of its own.
            .inTheClear()
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.stop();
    String log = node.log();
    node.close();
    redis.close();
    assertThat(log.contains("first-pw") || log.contains("second-pw")).as("a password").isFalse();
    assertThat(log.contains(TestSettings.KEY) || log.contains(NEXT_KEY)).as("a key").isFalse();
  }

  @Test
  void aPasswordAndAKeyAreExchangedWithoutARestart() throws IOException {
    Browser user = node.browser("/shop");
    assertThat(user.run("set color red").status()).isEqualTo(200);
    assertThat(node.log()).contains("encryption: required, writes with ");

    redis.command("ACL", "SETUSER", "shop", "<first-pw", ">second-pw");
    Files.writeString(vault.resolve("keys"), NEXT_KEY + "\n" + TestSettings.KEY);
    disconnect();
    await().atMost(PATIENCE).until(() -> user.run("get color").status() == 503);
    await().atMost(PATIENCE).until(() -> node.log().contains("WRONGPASS"));

    Files.writeString(vault.resolve("password"), "second-pw");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(user.run("get color").of("get color")).isEqualTo("red"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              // Keys are looked at when something is sealed, and what is equal is not written.
              String writes = "set tick " + System.nanoTime();
              assertThat(user.run("set color blue", writes).status()).isEqualTo(200);
              assertThat(node.log()).contains("The encryption keys have changed: writes with ");
            });

    Files.delete(vault.resolve("password"));
    disconnect();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                node.log()
                    .contains(
                        "redis.credentials-provider: "
                            + VaultLogin.class.getName()
                            + " threw java.io.UncheckedIOException at VaultFile.java:"));
    Files.writeString(vault.resolve("password"), "second-pw");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(user.run("get color").of("get color")).isEqualTo("blue"));
  }

  private static void disconnect() {
    redis.command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "yes");
  }
}
