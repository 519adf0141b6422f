package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.redis.testing.RunningRedis;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** What the session cookie looks like, and that web.xml decides. */
@AnyContainer(Container.JETTY_12_1)
class CookieIT {

  private static final String LEGACY =
      sessionConfig(
          "<session-timeout>7</session-timeout><cookie-config><name>LEGACY</name>"
              + "<domain>shop.example</domain><path>/legacy</path>"
              + "<http-only>false</http-only><max-age>3600</max-age>"
              + "<attribute><attribute-name>SameSite</attribute-name>"
              + "<attribute-value>Strict</attribute-value></attribute></cookie-config>");
  private static final String AUTO =
      """
      <context-param>
        <param-name>holdfast.cookie.secure</param-name>
        <param-value>auto</param-value>
      </context-param>
      """;
  private static final String TILL =
      """
      <context-param>
        <param-name>holdfast.app</param-name>
        <param-value>till</param-value>
      </context-param>
      """;

  @TempDir static Path directory;
  private static ContainerNode node;

  private final Container container;

  CookieIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    node =
        ContainerNode.on(container)
            .deploy("/shop", war(""))
            .deploy("/legacy", war(LEGACY))
            .deploy("/plain", war(AUTO))
            .deploy("/a/b", war(""))
            .deploy("/a-b", war(TILL))
            .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri())
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
  }

  private static Path war(String webXml) {
    return WarBuilder.probe(webXml).holdfast().in(directory);
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
    SetCookie cookie = only(node.browser("/shop").run("create").setCookies());

    assertThat(cookie.name()).isEqualTo("__Host-shop-sid");
    assertThat(cookie.has("secure")).isTrue();
    assertThat(cookie.has("httponly")).isTrue();
    assertThat(cookie.attributes())
        .containsEntry("samesite", "Lax")
        .containsEntry("path", "/")
        .doesNotContainKeys("domain", "max-age", "expires", "name");
  }

  @Test
  void theNameIsThatOfTheApplicationSoPathsThatLookAlikeShareNoCookie() {
    Browser deep = node.browser("/a/b");
    Browser flat = deep.at("/a-b");

    assertThat(only(deep.run("set color red").setCookies()).name()).isEqualTo("__Host-a-b-sid");
    assertThat(only(flat.run("set color blue").setCookies()).name()).isEqualTo("__Host-till-sid");

    assertThat(deep.run("get color").of("get color")).isEqualTo("red");
    assertThat(flat.run("get color").of("get color")).isEqualTo("blue");
  }

  @Test
  void nameDomainPathMaxAgeAttributesAndTimeoutComeFromWebXml() {
    Reply reply = node.browser("/legacy").run("create", "max-inactive");
    SetCookie cookie = only(reply.setCookies());

    assertThat(reply.of("max-inactive")).isEqualTo("420");
    assertThat(cookie.name()).isEqualTo("LEGACY");
    assertThat(cookie.attributes())
        .containsEntry("domain", "shop.example")
        .containsEntry("path", "/legacy")
        .containsEntry("max-age", "3600")
        .containsEntry("samesite", "Strict")
        .containsKeys("secure", "httponly");
    assertThat(node.log()).contains("the session cookie is HttpOnly all the same");
  }

  @Test
  void onPlainHttpAutoLeavesSecureOutAndThePrefixWithIt() {
    SetCookie cookie = only(node.browser("/plain").run("create").setCookies());

    assertThat(cookie.name()).isEqualTo("plain-sid");
    assertThat(cookie.has("secure")).isFalse();
    assertThat(cookie.has("httponly")).isTrue();
    assertThat(cookie.attributes()).containsEntry("path", "/plain");
    assertThat(node.log()).contains("the cookie name goes without __Host-");
  }

  @Test
  void aCookieThatBrowsersWouldRefuseStopsTheDeployment() {
    String config =
        sessionConfig(
            "<cookie-config><name>__Host-mine</name><path>/shop/cart</path>"
                + "<attribute><attribute-name>SameSite</attribute-name>"
                + "<attribute-value>None</attribute-value></attribute></cookie-config>");
    assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
        .isThrownBy(
            () ->
                ContainerNode.on(container)
                    .deploy("/shop", war(AUTO + config))
                    .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri())
                    .start())
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains("__Host-mine needs Path=/", "SameSite=None", "cookie.secure=always"));
  }
}
