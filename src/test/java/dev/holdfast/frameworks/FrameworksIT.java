package dev.holdfast.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.container.WarBuilder;
import dev.holdfast.frameworks.Visit.Answer;
import dev.holdfast.redis.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What web frameworks keep in a session. The applications in {@code src/test/frameworks} are
 * deployed three times: on the bare container, on two nodes with our jar and a key, and on two
 * without a key. On two nodes a visit goes from one to the other with each step, and in its midst
 * the first node is killed. Every answer must be the bare container's.
 *
 * <p>Those whose name ends in {@code -javax} are the same applications with the frameworks of their
 * time, on Tomcat 9.
 *
 * <p>{@code -Dholdfast.framework=struts,shiro} runs some of them, {@code
 * -Dholdfast.container=JETTY_12_1} on another container than Tomcat 11, {@code
 * -Dholdfast.bare=true} on the bare container only, for who writes a conversation.
 */
class FrameworksIT {

  /** Those of the short run; {@code src/test/frameworks/pom.xml} builds the same. */
  private static final List<String> SHORT = List.of("cas", "shiro", "spring-mvc", "struts");

  /** Large jars without tag libraries or web fragments, in which Tomcat need not look for any. */
  private static final String NO_WEB_JARS =
      Stream.of(
              "bcprov",
              "byte-buddy",
              "caffeine",
              "commons",
              "freemarker",
              "groovy",
              "guava",
              "jackson",
              "joda",
              "kryo",
              "lettuce",
              "log4j",
              "mybatis",
              "netty",
              "ognl",
              "reactor",
              "spring-aop",
              "spring-beans",
              "spring-context",
              "spring-core",
              "spring-expression")
          .map(name -> name + "*.jar")
          .collect(Collectors.joining(","));

  private static final Path APPLICATIONS = Path.of("src/test/frameworks");
  private static final String BARE = "bare";
  private static final String WITH_KEY = "with key";
  private static final String WITHOUT_KEY = "without key";

  @TempDir Path directory;

  private Container container = Container.TOMCAT_11;
  private final Map<String, @Nullable AssertionError> outcomes = new LinkedHashMap<>();
  private final Map<Conversation, List<Answer>> bareAnswers = new LinkedHashMap<>();

  @TestFactory
  Stream<DynamicTest> answersAreThoseOfTheBareContainer() {
    return answersAreTheSame(Container.TOMCAT_11);
  }

  @TestFactory
  Stream<DynamicTest> answersOfJavaxApplicationsAreThoseOfTheBareContainer() {
    return answersAreTheSame(Container.TOMCAT_9);
  }

  private Stream<DynamicTest> answersAreTheSame(Container usual) {
    List<String> frameworks =
        frameworks().filter(name -> name.endsWith("-javax") == usual.isJavax()).toList();
    if (frameworks.isEmpty()) {
      return Stream.empty();
    }
    String other = System.getProperty("holdfast.container", usual.name());
    container =
        Container.valueOf(other).isJavax() == usual.isJavax() ? Container.valueOf(other) : usual;
    List<Conversation> conversations =
        frameworks.stream().flatMap(FrameworksIT::conversationsOf).toList();
    visitTheBareContainer(frameworks, conversations);
    if (!Boolean.getBoolean("holdfast.bare")) {
      visitTwoNodes(frameworks, conversations, WITH_KEY);
      visitTwoNodes(frameworks, conversations, WITHOUT_KEY);
    }
    return outcomes.entrySet().stream()
        .map(outcome -> dynamicTest(outcome.getKey(), () -> report(outcome.getValue())));
  }

  private static void report(@Nullable AssertionError failure) {
    if (failure != null) {
      throw failure;
    }
  }

  private static Stream<String> frameworks() {
    String chosen = System.getProperty("holdfast.framework");
    if (chosen != null) {
      return Stream.of(chosen.split(","));
    }
    if (!Boolean.getBoolean("holdfast.full")) {
      return SHORT.stream();
    }
    return names(APPLICATIONS)
        .filter(module -> Files.exists(APPLICATIONS.resolve(module).resolve("pom.xml")))
        .filter(module -> conversationsOf(module).findAny().isPresent());
  }

  private static Stream<Conversation> conversationsOf(String framework) {
    Path module = APPLICATIONS.resolve(framework);
    return names(module)
        .filter(name -> name.endsWith(".txt"))
        .map(name -> Conversation.in(module.resolve(name)));
  }

  private static Stream<String> names(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void visitTheBareContainer(List<String> frameworks, List<Conversation> conversations) {
    ContainerNode.Builder builder = container();
    frameworks.forEach(framework -> builder.deploy("/" + framework, war(framework).in(directory)));
    try (ContainerNode bare = builder.start()) {
      for (Conversation conversation : conversations) {
        Visit visit = new Visit(conversation, bare, null, List.of());
        note(BARE, conversation, visit::begin, bare);
        bareAnswers.put(conversation, visit.answers());
      }
    }
  }

  private void visitTwoNodes(
      List<String> frameworks, List<Conversation> conversations, String mode) {
    try (RedisServer redis = RedisServer.start()) {
      ContainerNode.Builder builder =
          container()
              .environment("HOLDFAST_REDIS_URI", redis.uri())
              // A busy machine is not what is tested here.
              .environment("HOLDFAST_REDIS_TIMEOUT", "15s")
              .inTheClear();
      frameworks.forEach(
          framework -> builder.deploy("/" + framework, war(framework).holdfast().in(directory)));
      if (mode.equals(WITH_KEY)) {
        builder
            .environment("HOLDFAST_ENCRYPTION_KEYS", TestSettings.KEY)
            .environment("HOLDFAST_ENCRYPTION", "required");
      }
      try (ContainerNode one = builder.begin();
          ContainerNode two = builder.start()) {
        Warnings warnings = new Warnings(one, two);
        visit(conversations, mode, one, two, warnings);
        for (Conversation conversation : conversations) {
          List<String> lines = warnings.of(conversation);
          System.out.println(conversation + " " + mode + ": " + lines.size() + " warnings");
          outcomes.put(
              conversation + " " + mode + ": warnings",
              failureOf(
                  () ->
                      assertThat(lines)
                          .hasSizeBetween(
                              conversation.leastWarnings(mode), conversation.mostWarnings(mode))));
          outcomes.put(
              conversation + " " + mode + ": refused classes",
              failureOf(
                  () ->
                      assertThat(warnings.refused(conversation))
                          .allMatch(conversation.refused(mode).asMatchPredicate())));
        }
        outcomes.put(
            mode + ": other warnings",
            failureOf(() -> assertThat(warnings.ofNoConversation()).isEmpty()));
      }
    }
  }

  private void visit(
      List<Conversation> conversations,
      String mode,
      ContainerNode one,
      ContainerNode two,
      Warnings warnings) {
    List<Runnable> afterwards = new ArrayList<>();
    for (Conversation conversation : conversations) {
      if (outcomes.get(conversation + " " + BARE) != null) {
        continue;
      }
      boolean sticky = conversation.isSticky(mode);
      List<Answer> expected = bareAnswers.get(conversation);
      Visit visit = new Visit(conversation, one, sticky ? null : two, expected);
      note(mode, conversation, visit::begin, one, two);
      warnings.noteFor(conversation, one, two);
      Runnable rest = sticky ? () -> visit.beginAgainAt(two) : visit::goOn;
      afterwards.add(
          () -> {
            note(mode, conversation, rest, two);
            warnings.noteFor(conversation, two);
          });
    }
    one.kill();
    afterwards.forEach(Runnable::run);
  }

  /** Has something done, unless this conversation failed before, and notes how it went. */
  private void note(
      String mode, Conversation conversation, Runnable action, ContainerNode... nodes) {
    String name = conversation + " " + mode;
    if (outcomes.get(name) != null) {
      return;
    }
    List<Integer> logged = Stream.of(nodes).map(node -> node.log().length()).toList();
    AssertionError failure = failureOf(action);
    if (failure != null) {
      StringBuilder log = new StringBuilder(name);
      for (int i = 0; i < nodes.length; i++) {
        log.append("\nlog of a node:\n").append(nodes[i].log().substring(logged.get(i)));
      }
      failure = new AssertionError(log.toString(), failure);
    }
    outcomes.put(name, failure);
  }

  private static @Nullable AssertionError failureOf(Runnable action) {
    try {
      action.run();
      return null;
    } catch (AssertionError e) {
      return e;
    } catch (RuntimeException e) {
      return new AssertionError(e);
    }
  }

  private ContainerNode.Builder container() {
    return ContainerNode.on(container)
        .jvm("-Xmx1g")
        .systemProperty("tomcat.util.scan.StandardJarScanFilter.jarsToSkip", NO_WEB_JARS);
  }

  private static WarBuilder war(String framework) {
    return WarBuilder.copyOf(
        Path.of(System.getProperty("holdfast.containers", "target/containers"), framework, "war"));
  }
}
