package dev.holdfast.container.contract;

import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.redis.testing.RunningRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * The servers that all areas share: two nodes of each container, with the same application on our
 * sessions and on the container's own, plain and configured. Started at first use; they end with
 * the JVM.
 */
final class Servers {

  private static final Map<Container, Servers> STARTED = new EnumMap<>(Container.class);

  private static final String EXTRAS =
      """
      <listener>
        <listener-class>dev.holdfast.container.app.EarlyBird</listener-class>
      </listener>
      <error-page>
        <error-code>507</error-code>
        <location>/probe?step=session&amp;step=names&amp;step=get+color</location>
      </error-page>
      """;

  private static final String CONFIGURED =
      """
      <session-config>
        <session-timeout>7</session-timeout>
        <cookie-config>
          <name>BASKET</name>
          <path>/</path>
          <http-only>true</http-only>
          <max-age>3600</max-age>
          <attribute>
            <attribute-name>SameSite</attribute-name>
            <attribute-value>Strict</attribute-value>
          </attribute>
        </cookie-config>
        <tracking-mode>COOKIE</tracking-mode>
        <tracking-mode>URL</tracking-mode>
      </session-config>
      """;

  private final ContainerNode one;
  private final ContainerNode two;

  private Servers(Container container) {
    try {
      Path directory = Files.createTempDirectory("contract-");
      Path ours = WarBuilder.probe(EXTRAS).holdfast().in(directory);
      Path configured = WarBuilder.probe(EXTRAS + CONFIGURED).holdfast().in(directory);
      ContainerNode.Builder builder =
          ContainerNode.on(container)
              .deploy("/ours", ours)
              .deploy("/ours-configured", configured)
              .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri());
      two = builder.begin();
      one =
          builder
              .deploy("/theirs", WarBuilder.probe(EXTRAS).in(directory))
              .deploy("/theirs-configured", WarBuilder.probe(EXTRAS + CONFIGURED).in(directory))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  static synchronized Servers of(Container container) {
    return STARTED.computeIfAbsent(container, Servers::new);
  }

  ContainerNode one() {
    return one;
  }

  ContainerNode two() {
    return two;
  }

  private void kill() {
    one.kill();
    two.kill();
  }
}
