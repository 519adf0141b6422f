package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * Security checklist "Log injection", over HTTP: line breaks and escapes that a client sends, in
 * whatever the log repeats, neither begin a line nor reach a terminal.
 */
@AnyContainer(Container.TOMCAT_11)
class ForgedLinesIT {
  private static final String BREAK = "x\r\nFORGED\u001b[2J";

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode node;

  ForgedLinesIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    node =
        ContainerNode.on(container)
            .deploy("/shop", WarBuilder.probe().holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .environment("HOLDFAST_ATTRIBUTE_MAX_SIZE", "1000")
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    redis.close();
  }

  @Test
  void whatAClientSendsBeginsNoLineOfTheLog() {
    Browser user = node.browser("/shop");
    user.run("set-unserializable local" + BREAK);
    user.run("set-bytes large" + BREAK + " 2000");
    user.run("set-cart cart" + BREAK);
    user.run("login root" + BREAK + " toor");
    user.run("set user alice" + BREAK);
    user.run("set user bob" + BREAK);
    user.send("GET", Browser.probe("session") + "&x=%0d%0aFORGED%1b[2J", null, Map.of());
    user.runWithCookies("__Host-shop-sid=%0d%0aFORGED", "session");
    user.runWithCookies("__Host-shop-sid=\"\\\nFORGED\"".replace("\n", "\\n"), "session");

    String log = node.logUpToNow();

    assertThat(log).as("there are messages that repeat a name").contains("FORGED");
    assertThat(log.lines().filter(line -> line.startsWith("FORGED"))).isEmpty();
    assertThat(log.lines().filter(line -> line.contains("dev.holdfast"))).isNotEmpty();
    assertThat(log).doesNotContain("\u001b");
  }
}
