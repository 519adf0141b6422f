package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.app.listening.Injected;
import dev.holdfast.container.app.listening.Scoped;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisServer;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application of CDI with Weld in its WAR and nothing changed for us: its {@code @SessionScoped}
 * beans live in our session, on two nodes, and session listeners that CDI made are told of it.
 */
@AnyContainer(value = Container.TOMCAT_11, javax = false)
class CdiIT {
  private static final String WEB_XML =
      """
      <listener>
        <listener-class>org.jboss.weld.environment.servlet.Listener</listener-class>
      </listener>
      <listener>
        <listener-class>dev.holdfast.container.app.listening.Injected$Registrar</listener-class>
      </listener>
      """;

  @TempDir Path directory;

  private final Container container;

  CdiIT(Container container) {
    this.container = container;
  }

  @Test
  void beansOfTheSessionMoveWithIt() {
    try (RedisServer redis = RedisServer.start();
        CountingProxy proxy = new CountingProxy(redis.port())) {
      ContainerNode.Builder builder =
          builder()
              .environment("HOLDFAST_REDIS_URI", proxy.uri())
              .environment("HOLDFAST_EXPIRY_INTERVAL", "2m");
      try (ContainerNode one = builder.begin();
          ContainerNode two = builder.start()) {
        Browser user = one.browser("/cdi");
        assertThat(user.get("/basket?add=apple").text()).isEqualTo("[apple] for 3");
        assertThat(user.at(two).get("/basket?add=pear").text()).isEqualTo("[apple, pear] for 6");
        assertThat(user.get("/basket").text()).isEqualTo("[apple, pear] for 6");
        assertThat(one.browser("/cdi").get("/basket").text()).isEqualTo("[] for 0");

        String[] ids = user.get("/basket?session").text().split(" ");
        assertThat(ids[1])
            .as("what the injected request has")
            .isEqualTo(ids[0])
            .isNotEqualTo("none");
        // They connect for that when they have the time, and by the same proxy.
        await().until(() -> hearers(redis) == 2);
        proxy.reset();
        assertThat(user.get("/basket?leave").text()).isEqualTo("left alone");
        assertThat(proxy.waits()).isZero();

        user.run("events");
        user.at(two).run("events");
        user.at(two).get("/basket?end");
        assertThat(user.at(two).run("events").of("events"))
            .contains("basket with [apple, pear] ended");
        assertThat(user.run("session").of("session")).as("for an old cookie").isEqualTo("none");
        assertThat(user.get("/basket").text()).isEqualTo("[] for 0");
        assertThat(user.run("events", "invalidate", "events").all("events").get(1))
            .contains("injected: end of session, true");
        assertThat(user.get("/basket").text()).isEqualTo("[] for 0");
        assertThat(user.run("events").of("events"))
            .contains(
                "basket made",
                "injected: session ",
                container.isJetty() ? "listener: not injected" : "listener: 3");
        assertThat(user.history()).extracting(SetCookie::name).doesNotContain("JSESSIONID");
        for (ContainerNode node : new ContainerNode[] {one, two}) {
          assertThat(node.log()).doesNotContain("a session of its own", "stays on this node");
          node.stop();
          assertThat(Complaints.of(node)).isEmpty();
        }
      }
    }
  }

  /** Nodes that hear of sessions that others end. */
  private static long hearers(RedisServer redis) {
    return (Long) ((List<?>) redis.command("PUBSUB", "NUMSUB", "holdfast:cdi:ended")).get(1);
  }

  private ContainerNode.Builder builder() {
    WarBuilder war =
        WarBuilder.probe(WEB_XML)
            .classes(Scoped.class, Injected.class)
            .resource(
                "WEB-INF/beans.xml",
                "<beans xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\""
                    + " bean-discovery-mode=\"all\"/>")
            .holdfast();
    ContainerNode.Builder builder = ContainerNode.on(container);
    if (container.isJetty()) {
      // Jetty has the API of CDI itself, from where no implementation inside a WAR is seen.
      builder.containerClassPath(WarBuilder.originOf(Inject.class));
    } else {
      war.libraries(WarBuilder.originOf(Inject.class));
    }
    return builder.deploy("/cdi", war.in(directory));
  }
}
