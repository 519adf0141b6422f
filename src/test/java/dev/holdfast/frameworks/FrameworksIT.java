package dev.holdfast.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.container.Complaints;
import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.frameworks.Visit.Answer;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What web frameworks keep in a session. Each application in {@code src/test/frameworks} is asked
 * the same three times: on the bare container, then on two nodes with our jar, with a key and
 * without; one node is killed in the midst. All answers must be the bare container's.
 *
 * <p>{@code -Dholdfast.framework=struts} runs one of them, {@code -Dholdfast.container=JETTY_12_1}
 * on another container than Tomcat 11.
 */
class FrameworksIT {

  /** Those of the short run; {@code src/test/frameworks/pom.xml} builds the same. */
  private static final List<String> SHORT = List.of("spring-mvc");

  private static final Path APPLICATIONS = Path.of("src/test/frameworks");
  private static final String WITH_KEY = "with key";
  private static final String WITHOUT_KEY = "without key";

  @TempDir Path directory;

  static Stream<String> frameworks() {
    String chosen = System.getProperty("holdfast.framework");
    if (chosen != null) {
      return Stream.of(chosen.split(","));
    }
    if (!Boolean.getBoolean("holdfast.full")) {
      return SHORT.stream();
    }
    try (Stream<Path> all = Files.list(APPLICATIONS)) {
      return all.filter(module -> Files.exists(module.resolve("conversation.txt")))
          .map(module -> module.getFileName().toString())
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void answersAsOnTheBareContainer(String framework) {
    Conversation conversation =
        Conversation.in(APPLICATIONS.resolve(framework).resolve("conversation.txt"));
    List<Answer> bare = onTheBareContainer(framework, conversation);
    Path war = war(framework).holdfast().in(directory);

    onTwoNodes(framework, conversation, war, WITH_KEY, bare);
    onTwoNodes(framework, conversation, war, WITHOUT_KEY, bare);
  }

  private List<Answer> onTheBareContainer(String framework, Conversation conversation) {
    Path war = war(framework).in(directory);
    try (ContainerNode bare = node(framework, war).start()) {
      return new Visit(conversation, path(framework), bare, bare, true).run(List.of());
    }
  }

  private static void onTwoNodes(
      String framework, Conversation conversation, Path war, String mode, List<Answer> bare) {
    boolean sticky = conversation.isSticky(mode);
    try (RedisServer redis = RedisServer.start()) {
      ContainerNode.Builder builder =
          node(framework, war)
              .environment("HOLDFAST_REDIS_URI", redis.uri())
              // A busy machine is not what is tested here.
              .environment("HOLDFAST_REDIS_TIMEOUT", "15s")
              .inTheClear();
      if (mode.equals(WITH_KEY)) {
        builder
            .environment("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY)
            .environment("HOLDFAST_ENCRYPTION", "required");
      }
      try (ContainerNode one = builder.begin();
          ContainerNode two = builder.start()) {
        try {
          new Visit(conversation, path(framework), one, two, sticky).run(bare);
        } catch (AssertionError e) {
          throw new AssertionError(
              framework + " " + mode + "\nnode one:" + one.log() + "\nnode two:" + two.log(), e);
        }
        List<String> complaints =
            Stream.of(one, two).flatMap(node -> Complaints.of(node).stream()).toList();
        System.out.printf(
            "%s, %s: %d steps %s, %d warnings%n",
            framework, mode, bare.size(), sticky ? "at one node" : "by turns", complaints.size());
        assertThat(complaints).as(mode).hasSizeLessThanOrEqualTo(conversation.warnings(mode));
        if (sticky) {
          // What a balancer does with the user of a node that died.
          one.kill();
          Conversation.Step first = conversation.steps().get(0);
          assertThat(two.browser(path(framework)).get(first.target).status()).isLessThan(500);
        }
      }
    }
  }

  private static ContainerNode.Builder node(String framework, Path war) {
    String container = System.getProperty("holdfast.container", Container.TOMCAT_11.name());
    return ContainerNode.on(Container.valueOf(container)).deploy(path(framework), war);
  }

  private static String path(String framework) {
    return "/" + framework;
  }

  private static WarBuilder war(String framework) {
    return WarBuilder.copyOf(
        Path.of(System.getProperty("holdfast.containers", "target/containers"), framework, "war"));
  }
}
