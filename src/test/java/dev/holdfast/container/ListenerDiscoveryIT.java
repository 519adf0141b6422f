package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.container.app.listening.Disguise;
import dev.holdfast.container.app.listening.Named;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** Where session listeners come from when the container does not give them away, or need not. */
@EachContainer
class ListenerDiscoveryIT {

  private static final String LISTENERS =
      listener(Named.Declared.class) + listener(Named.OfContextToo.class);

  /** The declaration without a mapping keeps the jar from adding the filter by itself. */
  private static final String DISGUISED =
      """
      <filter>
        <filter-name>unused</filter-name>
        <filter-class>dev.holdfast.HoldfastFilter</filter-class>
        <async-supported>true</async-supported>
      </filter>
      <filter>
        <filter-name>disguised</filter-name>
        <filter-class>dev.holdfast.container.app.listening.Disguise</filter-class>
        <async-supported>true</async-supported>
        %s
      </filter>
      <filter-mapping>
        <filter-name>disguised</filter-name>
        <url-pattern>/*</url-pattern>
      </filter-mapping>
      """;

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode node;

  private final Container container;

  ListenerDiscoveryIT(Container container) {
    this.container = container;
  }

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    node =
        ContainerNode.on(container)
            .deploy(
                "/chosen",
                war(
                    param(
                        "context-param",
                        "holdfast.listeners",
                        name(Named.Annotated.class) + "," + name(Named.OfContextToo.class))))
            .deploy("/disguised", war(DISGUISED.formatted("")))
            .deploy(
                "/disguised-chosen",
                war(
                    DISGUISED.formatted(
                        param("init-param", "listeners", name(Named.Annotated.class)))))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    node.close();
    redis.close();
  }

  private static Path war(String elements) {
    return WarBuilder.probe()
        .webXml(elements + LISTENERS + WarBuilder.SERVLET)
        .classes(Named.class, Disguise.class)
        .holdfast()
        .in(directory);
  }

  private static String listener(Class<?> type) {
    return "<listener><listener-class>" + type.getName() + "</listener-class></listener>\n";
  }

  private static String param(String kind, String name, String value) {
    return "<%1$s><param-name>%2$s</param-name><param-value>%3$s</param-value></%1$s>%n"
        .formatted(kind, name, value);
  }

  private static String name(Class<?> type) {
    return type.getName();
  }

  private static String created(String contextPath) {
    return node.browser(contextPath).run("create", "events").of("events");
  }

  @Test
  void onlyTheListenersThatTheSettingNamesAreCalledInItsOrderAndOneInstanceOfEach() {
    assertThat(created("/chosen"))
        .isEqualTo("[created: annotated, created: of context, too, started=true]");
    assertThat(node.log())
        .contains(
            "listeners: "
                + name(Named.Annotated.class)
                + ", "
                + name(Named.OfContextToo.class)
                + " (the setting listeners)");
  }

  @Test
  void tomcatsAreFoundThroughJmxAndElsewhereThoseOfWebXmlThatAreNothingElse() {
    if (container.isJetty()) {
      assertThat(created("/disguised")).isEqualTo("[created: declared]");
      assertThat(node.log())
          .contains("listeners: " + name(Named.Declared.class) + " (web.xml)")
          .contains("not called are " + name(Named.OfContextToo.class) + " and any that are");
    } else {
      assertThat(created("/disguised"))
          .isEqualTo(
              "[created: declared, created: of context, too, started=true, created: annotated,"
                  + " created: added]");
      assertThat(node.log()).doesNotContain("(web.xml)");
    }
  }

  @Test
  void theSettingHelpsWhereTheContainerGivesNothingAway() {
    assertThat(created("/disguised-chosen")).isEqualTo("[created: annotated]");
  }

  @Test
  void aNameThatIsNoSessionListenerStopsTheDeployment() {
    for (String wrong : new String[] {"com.example.Missing", name(Disguise.class)}) {
      assertThatExceptionOfType(ContainerNode.DeploymentFailedException.class)
          .isThrownBy(
              () ->
                  ContainerNode.on(container)
                      .deploy("/wrong", war(""))
                      .environment("HOLDFAST_REDIS_URI", redis.uri())
                      .environment("HOLDFAST_LISTENERS", wrong)
                      .start())
          .withMessageContaining("listeners: " + wrong);
    }
  }
}
