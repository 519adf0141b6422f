package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.redis.testing.RunningRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two applications at one context path of two virtual hosts are two applications. */
@EachContainer
class VirtualHostIT {
  private static final Pattern COOKIE = Pattern.compile("Set-Cookie: [^=]+=([A-Za-z0-9_-]{64});");

  @TempDir Path directory;

  private final Container container;

  VirtualHostIT(Container container) {
    this.container = container;
  }

  private ContainerNode.Builder node(String... paths) {
    Path war = WarBuilder.probe().holdfast().in(directory);
    ContainerNode.Builder node = ContainerNode.on(container);
    for (String path : paths) {
      node.deploy(path, war);
    }
    return node.environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri());
  }

  /** The cookie's name differs by application, so it is sent under every name that may be meant. */
  private static String ask(ContainerNode node, String host, String cookie, String... steps) {
    String cookies =
        List.of("__Host-shop-sid", "__Host-one.example_shop-sid", "__Host-two.example_shop-sid")
            .stream()
            .map(name -> name + "=" + cookie)
            .reduce("", (a, b) -> a.isEmpty() ? b : a + "; " + b);
    return node.browser("/shop")
        .raw(
            "GET /shop"
                + Browser.probe(steps).replace("+", "%20")
                + " HTTP/1.1\r\nHost: "
                + host
                + (cookie.isEmpty() ? "" : "\r\nCookie: " + cookies)
                + "\r\nConnection: close\r\n\r\n");
  }

  private static String tokenOf(String answer) {
    Matcher cookie = COOKIE.matcher(answer);
    assertThat(cookie.find()).as(answer).isTrue();
    return cookie.group(1);
  }

  @Test
  void noCookieOfOneHostOpensASessionOfTheOtherAndNodesAgree() {
    try (ContainerNode one = node("//one.example/shop", "//two.example/shop", "/shop").start();
        ContainerNode other = node("//two.example/shop", "//one.example/shop").start()) {
      String admin = tokenOf(ask(one, "one.example", "", "set user admin"));

      assertThat(ask(one, "one.example", admin, "get user")).contains("get user -> admin");
      assertThat(ask(other, "one.example", admin, "get user")).contains("get user -> admin");
      for (ContainerNode node : List.of(one, other)) {
        assertThat(ask(node, "two.example", admin, "session", "get user"))
            .contains("session -> none")
            .doesNotContain("get user -> admin");
      }
      assertThat(ask(one, "127.0.0.1", admin, "session")).contains("session -> none");
      assertThat(one.log())
          .contains(
              "keys: holdfast:one.example_shop:{...}",
              "keys: holdfast:two.example_shop:{...}",
              "keys: holdfast:shop:{...}");
    }
  }

  @Test
  void oneNameForBothIsRefused() {
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(
            () ->
                node("//one.example/shop", "//two.example/shop")
                    .environment("HOLDFAST_APP", "shop")
                    .start()
                    .close())
        .withMessageContaining("has its sessions under holdfast:shop too")
        .withMessageContaining("one.example")
        .withMessageContaining("two.example")
        .withMessageContaining("set another app");
  }
}
