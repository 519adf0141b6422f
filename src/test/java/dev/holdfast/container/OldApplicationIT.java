package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.old.OldServlet;
import dev.holdfast.redis.testing.RunningRedis;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An application that calls what Servlet 6.0 has dropped: with the javax jar on two nodes it does
 * what it does on the bare container. Without those methods a call of one is an {@code
 * AbstractMethodError}, or asks the container, which does not know our sessions.
 */
@ParameterizedClass
@MethodSource("containers")
class OldApplicationIT {

  private static final String WEB_XML =
      """
      <servlet>
        <servlet-name>old</servlet-name>
        <servlet-class>dev.holdfast.container.old.OldServlet</servlet-class>
      </servlet>
      <servlet-mapping>
        <servlet-name>old</servlet-name>
        <url-pattern>/old/*</url-pattern>
      </servlet-mapping>
      <session-config>
        <tracking-mode>COOKIE</tracking-mode>
        <tracking-mode>URL</tracking-mode>
      </session-config>
      """;

  @TempDir static Path directory;
  private static ContainerNode one;
  private static ContainerNode two;

  static Stream<Container> containers() {
    return Container.underTest().stream().filter(Container::isJavax);
  }

  OldApplicationIT(Container container) {
    assertThat(container.isJavax()).isTrue();
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    ContainerNode.Builder node =
        ContainerNode.on(container)
            .deploy("/ours", war().holdfastAll().in(directory))
            .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri());
    two = node.begin();
    one = node.deploy("/bare", war().in(directory)).start();
  }

  static WarBuilder war() {
    return WarBuilder.empty().packageOf(OldServlet.class).webXml(WEB_XML);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
  }

  /**
   * What a client is told that takes these paths in turn, with our sessions now and then at the
   * other node.
   */
  private static List<String> told(String contextPath, String... paths) {
    Browser client = one.browser(contextPath);
    boolean ours = contextPath.equals("/ours");
    return Stream.of(paths)
        .map(path -> client.at(ours && path.equals("/get") ? two : one).get("/old" + path))
        .map(reply -> reply.status() + " " + reply.text())
        .toList();
  }

  @Test
  void theMethodsThatSessionsHadWork() {
    String[] paths = {"/put", "/get", "/remove", "/get", "/invalidate", "/get"};
    List<String> ours = told("/ours", paths);

    assertThat(ours).isEqualTo(told("/bare", paths));
    assertThat(ours.get(1)).isEqualTo("200 color = red\nsize = 7\n");
    assertThat(ours.get(3)).isEqualTo("200 shape = round\n");
    assertThat(ours.get(4)).isEqualTo("200 refused\nrefused\nrefused\nrefused\n");
  }

  /** As Servlet 4.0 has it, and Tomcat; Jetty has none at all. */
  @Test
  void theContextOfSessionsKnowsNone() {
    assertThat(told("/ours", "/context")).containsExactly("200 false null\n");
  }

  @Test
  void theFormerNamesOfEncodeUrlKnowOurSession() {
    for (String contextPath : List.of("/ours", "/bare")) {
      Browser client = one.browser(contextPath);
      Reply first = client.get("/old/encode");
      assertThat(first.status()).as(first.toString()).isEqualTo(200);
      String[] encoded = first.text().strip().split(" ");

      assertThat(encoded[0]).startsWith(contextPath + "/old/from-url;");
      assertThat(encoded[1]).as("encodeUrl is encodeURL").isEqualTo("true");
      assertThat(encoded[2]).as("encodeRedirectUrl is encodeRedirectURL").isEqualTo("true");
      Reply reply = client.at("").send("GET", encoded[0], null, Map.of("Cookie", ""));
      assertThat(reply.text()).isEqualTo("true red\n");
    }
  }

  @Test
  void aStatusWithAMessageIsAStatus() {
    assertThat(told("/ours", "/status")).isEqualTo(told("/bare", "/status"));
    assertThat(told("/ours", "/status").get(0)).isEqualTo("410 away\n");
  }
}
