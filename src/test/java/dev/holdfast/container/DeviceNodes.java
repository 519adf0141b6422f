package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.container.devices.DevicesServlet;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/**
 * Two nodes with a WAR that calls {@link dev.holdfast.api.Sessions}, compiled against the plain jar
 * and running with the all jar: {@code /shop} without a limit per user, {@code /refuse} and {@code
 * /oldest} with three sessions and either policy.
 *
 * @param redis theirs alone
 */
record DeviceNodes(RedisServer redis, ContainerNode one, ContainerNode two)
    implements AutoCloseable {
  /** What a browser sends that knows root's password. */
  static final String ROOT =
      "Basic "
          + Base64.getEncoder().encodeToString("root:toor".getBytes(StandardCharsets.ISO_8859_1));

  /** With one application more for each of the settings. */
  static DeviceNodes of(Container container, Path directory, String... more) {
    RedisServer redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/shop", war("", directory))
            .deploy(
                "/refuse", war("sessions.per-user=3\nsessions.per-user.policy=refuse\n", directory))
            .deploy("/oldest", war("sessions.per-user=3\n", directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    for (int i = 0; i < more.length; i += 2) {
      builder.deploy(more[i], war(more[i + 1], directory));
    }
    return new DeviceNodes(redis, builder.begin(), builder.start());
  }

  static Path war(String settings, Path directory) {
    return WarBuilder.probe()
        .packageOf(DevicesServlet.class)
        .holdfastAll()
        .resource("WEB-INF/classes/holdfast.properties", settings)
        .in(directory);
  }

  /** What the servlet answers. */
  static String devices(Browser browser, String query) {
    Reply reply = browser.get("/devices?do=" + query);
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    return reply.text();
  }

  @Override
  public void close() {
    one.close();
    two.close();
    redis.close();
  }
}
