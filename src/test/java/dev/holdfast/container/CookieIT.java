package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.redis.testing.RunningRedis;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the session cookie looks like, and that web.xml decides. */
@EachContainer
class CookieIT {

  @TempDir Path directory;

  private final Container container;

  CookieIT(Container container) {
    this.container = container;
  }

  private ContainerNode.Builder shop(String webXml) {
    return ContainerNode.on(container)
        .deploy("/shop", WarBuilder.probe(webXml).holdfast().in(directory))
        .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri());
  }

  private static String sessionConfig(String elements) {
    return "<session-config>" + elements + "</session-config>";
  }

  private static SetCookie only(List<SetCookie> cookies) {
    assertThat(cookies).hasSize(1);
    return cookies.get(0);
  }

  @Test
  void outsideTheRootItIsSecureAndOfThisHostAndNamedByTheApplication() {
    try (ContainerNode node = shop("").start()) {
      SetCookie cookie = only(node.browser("/shop").run("create").setCookies());

      assertThat(cookie.name()).isEqualTo("__Host-shop-sid");
      assertThat(cookie.has("secure")).isTrue();
      assertThat(cookie.has("httponly")).isTrue();
      assertThat(cookie.attributes())
          .containsEntry("samesite", "Lax")
          .containsEntry("path", "/")
          .doesNotContainKeys("domain", "max-age", "expires", "name");
    }
  }

  @Test
  void nameDomainPathMaxAgeAttributesAndTimeoutComeFromWebXml() {
    String config =
        sessionConfig(
            "<session-timeout>7</session-timeout><cookie-config><name>LEGACY</name>"
                + "<domain>shop.example</domain><path>/shop</path>"
                + "<http-only>false</http-only><max-age>3600</max-age>"
                + "<attribute><attribute-name>SameSite</attribute-name>"
                + "<attribute-value>Strict</attribute-value></attribute></cookie-config>");
    try (ContainerNode node = shop(config).start()) {
      Reply reply = node.browser("/shop").run("create", "max-inactive");
      SetCookie cookie = only(reply.setCookies());

      assertThat(reply.of("max-inactive")).isEqualTo("420");
      assertThat(cookie.name()).isEqualTo("LEGACY");
      assertThat(cookie.attributes())
          .containsEntry("domain", "shop.example")
          .containsEntry("path", "/shop")
          .containsEntry("max-age", "3600")
          .containsEntry("samesite", "Strict")
          .containsKeys("secure", "httponly");
      assertThat(node.log()).contains("the session cookie is HttpOnly all the same");
    }
  }

  @Test
  void onPlainHttpAutoLeavesSecureOutAndThePrefixWithIt() {
    try (ContainerNode node = shop("").environment("HOLDFAST_COOKIE_SECURE", "auto").start()) {
      SetCookie cookie = only(node.browser("/shop").run("create").setCookies());

      assertThat(cookie.name()).isEqualTo("shop-sid");
      assertThat(cookie.has("secure")).isFalse();
      assertThat(cookie.has("httponly")).isTrue();
      assertThat(cookie.attributes()).containsEntry("path", "/shop");
      assertThat(node.log()).contains("the cookie name goes without __Host-");
    }
  }

  @Test
  void aCookieThatBrowsersWouldRefuseStopsTheDeployment() {
    String config =
        sessionConfig(
            "<cookie-config><name>__Host-mine</name><path>/shop/cart</path>"
                + "<attribute><attribute-name>SameSite</attribute-name>"
                + "<attribute-value>None</attribute-value></attribute></cookie-config>");
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(() -> shop(config).environment("HOLDFAST_COOKIE_SECURE", "auto").start())
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains("__Host-mine needs Path=/", "SameSite=None", "cookie.secure=always"));
  }
}
