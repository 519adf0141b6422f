package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import javax.management.JMException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Security checklist 1.1, "One channel, one session": by the container's own books no session of
 * its own ever comes into being. Tomcat keeps them as an MBean; for Jetty, the heap is asked.
 */
@EachContainer
class ContainerSessionsIT {

  private static final String TOMCATS = "Tomcat:type=Manager,host=localhost,context=";
  private static final String JETTYS = "org.eclipse.jetty.session.ManagedSession";

  @TempDir Path directory;

  private final Container container;

  ContainerSessionsIT(Container container) {
    this.container = container;
  }

  @Test
  void theContainerMakesNoSessionHoweverOursIsUsed() throws IOException, JMException {
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("/ours", WarBuilder.probe().holdfast().in(directory))
                .deploy("/theirs", WarBuilder.probe().in(directory))
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .start();
        NodeJvm jvm = new NodeJvm(node)) {
      for (int i = 0; i < 10; i++) {
        use(node.browser("/ours"));
      }

      assertThat(sessions(jvm, "/ours")).isZero();
      Browser theirs = node.browser("/theirs");
      theirs.run("create");
      assertThat(sessions(jvm, "/theirs")).as("the books are kept").isEqualTo(1);
    }
  }

  private static void use(Browser user) {
    assertThat(user.run("create", "set color red", "encode /a").status()).isEqualTo(200);
    assertThat(user.run("login root toor", "user").of("user")).isEqualTo("root true");
    assertThat(user.run("rotate", "set-cart cart", "add cart apple").status()).isEqualTo(200);
    user.run("include /probe?step=get+color", "forward /probe?step=set+color+blue");
    user.run("async", "get color", "set color green");
    user.run("async", "dispatch /probe?step=get+color");
    assertThat(user.run("get color", "user").of("user")).isEqualTo("root true");
    user.run("logout", "invalidate", "set color white");
    assertThat(user.get("/probe;jsessionid=0123456789?step=session").of("session"))
        .isNotEqualTo("none");
    assertThat(user.history()).noneMatch(cookie -> cookie.name().equals("JSESSIONID"));
  }

  /** Those there are, of all applications if it is Jetty; on Tomcat also those there were. */
  private long sessions(NodeJvm jvm, String contextPath) throws IOException, JMException {
    if (container.isJetty()) {
      return jvm.instances(JETTYS);
    }
    long active = ((Number) jvm.attribute(TOMCATS + contextPath, "activeSessions")).longValue();
    long made = ((Number) jvm.attribute(TOMCATS + contextPath, "sessionCounter")).longValue();
    return Math.max(active, made);
  }
}
