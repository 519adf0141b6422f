package dev.holdfast.container;

import dev.holdfast.redis.testing.RunningRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Two nodes of each container that the tests of the security checklist share. Started at first use;
 * they end with the JVM.
 */
final class SecurityNodes {

  /** The error page of {@code /shop} for 507 logs in to the session published by this name. */
  static final String OF_ERROR_PAGE = "of-error-page";

  private static final Map<Container, SecurityNodes> STARTED = new EnumMap<>(Container.class);

  private static final String POLL =
      "<servlet-mapping><servlet-name>probe</servlet-name><url-pattern>/poll</url-pattern>"
          + "</servlet-mapping>";
  private static final String ERROR_PAGE =
      "<error-page><error-code>507</error-code><location>/probe?step=hold+"
          + OF_ERROR_PAGE
          + "&amp;step=set+user+alice&amp;step=get+user</location></error-page>";
  private static final String THROWING =
      "<listener><listener-class>dev.holdfast.container.app.hostile.ThrowingListener"
          + "</listener-class></listener>";

  private final ContainerNode one;
  private final ContainerNode two;

  private SecurityNodes(Container container) {
    try {
      Path directory = Files.createTempDirectory("security-");
      Path shop = WarBuilder.probe(ERROR_PAGE).holdfast().in(directory);
      Path limits =
          with(
              WarBuilder.probe(POLL),
              "renewal.interval=1s\nrenewal.grace=2s\nactivity.except-paths=/poll\n"
                  + "activity.except-headers=X-Background\n",
              directory);
      Path renewing = with(WarBuilder.probe(), "renewal.interval=1s\n", directory);
      ContainerNode.Builder builder =
          ContainerNode.on(container)
              .deploy("/shop", shop)
              .deploy("/limits", limits)
              .deploy("/renewing", renewing)
              .environment("HOLDFAST_REDIS_URI", RunningRedis.shared().uri())
              // What Tomcat would append to its own session ids.
              .systemProperty("jvmRoute", "node1");
      two = builder.start();
      one =
          builder
              .deploy(
                  "/fresh",
                  with(WarBuilder.probe(), "rotate.mode=fresh\nrotate.keep=cart,lang\n", directory))
              .deploy("/off", with(WarBuilder.probe(), "login.detection=off\n", directory))
              .deploy("/absolute", with(WarBuilder.probe(), "absolute.timeout=2s\n", directory))
              .deploy(
                  "/throwing",
                  WarBuilder.probe(THROWING)
                      .packageOf(dev.holdfast.container.app.hostile.ThrowingListener.class)
                      .holdfast()
                      .in(directory))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  private static Path with(WarBuilder war, String properties, Path directory) {
    return war.holdfast().resource("WEB-INF/classes/holdfast.properties", properties).in(directory);
  }

  static synchronized SecurityNodes of(Container container) {
    return STARTED.computeIfAbsent(container, SecurityNodes::new);
  }

  /** The one with all applications. */
  ContainerNode one() {
    return one;
  }

  /** The one with {@code /shop}, {@code /limits} and {@code /renewing}. */
  ContainerNode two() {
    return two;
  }

  private void kill() {
    one.kill();
    two.kill();
  }
}
