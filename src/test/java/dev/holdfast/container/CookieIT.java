package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the session cookie looks like. */
@EachContainer
class CookieIT {

  @TempDir Path directory;

  private final Container container;

  CookieIT(Container container) {
    this.container = container;
  }

  @Test
  void outsideTheRootItIsSecureAndOfThisHostAndNamedByTheApplication() {
    try (ContainerNode node =
        ContainerNode.on(container)
            .deploy("/shop", WarBuilder.probe().holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", RedisServer.shared().uri())
            .start()) {
      Reply reply = node.browser("/shop").run("create");

      assertThat(reply.setCookies())
          .singleElement()
          .satisfies(
              cookie -> {
                assertThat(cookie.name()).isEqualTo("__Host-shop-sid");
                assertThat(cookie.has("secure")).isTrue();
                assertThat(cookie.has("httponly")).isTrue();
                assertThat(cookie.attributes())
                    .containsEntry("samesite", "Lax")
                    .containsEntry("path", "/")
                    .doesNotContainKeys("domain", "max-age", "expires");
              });
    }
  }
}
