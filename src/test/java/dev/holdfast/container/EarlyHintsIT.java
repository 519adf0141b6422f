package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.hints.HintsServlet;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * 103 Early Hints go out before the session is saved, and no client acts on them but for the hints:
 * the header fields of the final response may differ (RFC 8297, section 2). So they are let
 * through, and the final response is held to the rules as ever.
 */
@EachContainer
class EarlyHintsIT {
  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode node;

  EarlyHintsIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    WarBuilder war = WarBuilder.probe().packageOf(HintsServlet.class);
    node =
        ContainerNode.on(container)
            .deploy("/bare", war.in(directory))
            .deploy("/shop", war.holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .environment("HOLDFAST_REDIS_TIMEOUT", "500ms")
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    redis.close();
  }

  /** The statuses of the interim responses and of the final one. */
  private static List<String> statuses(String answer) {
    return Pattern.compile("(?m)^HTTP/1\\.1 (\\d+)")
        .matcher(answer)
        .results()
        .map(status -> status.group(1))
        .toList();
  }

  private static String ask(Browser browser, String contextPath) {
    return browser.raw(
        "GET " + contextPath + "/hints HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  @Test
  void theHintComesAsOnTheBareContainerAndTheFinalResponseHasTheCookieOfWhatWasSaved() {
    String bare = ask(node.browser("/bare"), "/bare");
    Browser user = node.browser("/shop");
    String ours = ask(user, "/shop");

    assertThat(statuses(ours)).isEqualTo(statuses(bare)).containsExactly("103", "200");
    String last = ours.substring(ours.lastIndexOf("HTTP/1.1 200"));
    assertThat(last).contains("done").containsOnlyOnce("Set-Cookie: ").contains("no-store");
    SetCookie cookie =
        SetCookie.parse(last.substring(last.indexOf("Set-Cookie: ") + 12).split("\r\n")[0]);
    user.setCookie(cookie.name(), cookie.value());
    assertThat(user.run("get before").of("get before")).isEqualTo("hint");
    assertThat(user.run("get after").of("get after")).isEqualTo("hint");
  }

  @Test
  void whenRedisIsAwayTheFinalResponseIs503AndHasNoCookie() {
    redis.kill();
    try {
      String answer = ask(node.browser("/shop"), "/shop");

      String last = answer.substring(answer.lastIndexOf("HTTP/1.1 "));
      assertThat(last).startsWith("HTTP/1.1 503").doesNotContain("Set-Cookie");
    } finally {
      redis.restart();
    }
  }
}
