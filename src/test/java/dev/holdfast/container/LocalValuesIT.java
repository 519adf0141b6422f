package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** Attributes that cannot be stored. */
@AnyContainer(Container.TOMCAT_11)
class LocalValuesIT {
  private static final String REFUSE =
      """
      <context-param>
        <param-name>holdfast.unserializable</param-name>
        <param-value>refuse</param-value>
      </context-param>
      """;
  private static final String LOCAL = REFUSE.replace(">refuse<", ">local<");

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode one;
  private static ContainerNode two;

  LocalValuesIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    ContainerNode.Builder builder =
        ContainerNode.on(container)
            .deploy("/local", WarBuilder.probe().holdfast().in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri());
    two = builder.begin();
    one =
        builder
            .deploy("/refuse", WarBuilder.probe(REFUSE).holdfast().in(directory))
            .deploy(
                "/distributable",
                WarBuilder.probe("<distributable/>" + LOCAL).holdfast().in(directory))
            .start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  @Test
  void byDefaultItStaysOnItsNodeAndIsReportedOnce() {
    Browser user = one.browser("/local");
    Reply set = user.run("set-unserializable w worker", "set color red");
    assertThat(set.of("set-unserializable w worker")).isEqualTo("done");
    one.browser("/local").run("set-unserializable w other");

    assertThat(user.run("get w").of("get w")).isEqualTo("unserializable worker");
    assertThat(user.at(two).run("get w", "names", "get color").of("get w")).isEqualTo("null");
    assertThat(user.at(two).run("names").of("names")).isEqualTo("[color]");
    assertThat(user.run("get w").of("get w")).isEqualTo("unserializable worker");
    String report =
        "Session attribute w (dev.holdfast.container.app.Unserializable) stays on this node";
    Awaitility.await().until(() -> one.log().contains(report));
    assertThat(one.log().lines().filter(line -> line.contains(report))).hasSize(1);
  }

  @Test
  void aSessionThatHoldsNothingElseIsASessionOnEveryNode() {
    Browser user = one.browser("/local");
    String id = user.run("set-unserializable w worker", "id").of("id");

    assertThat(user.at(two).run("id").of("id")).isEqualTo(id);
  }

  @Test
  void whatAnotherNodeSetsUnderItsNameReplacesIt() {
    Browser user = one.browser("/local");
    user.run("set-unserializable w worker");
    user.at(two).run("set w theirs");

    assertThat(user.run("get w").of("get w")).isEqualTo("theirs");
  }

  @Test
  void whenAnotherNodeEndsTheSessionItIsUnboundHereOnce() {
    Browser user = one.browser("/local");
    user.run("set-unserializable w worker", "set color red");
    one.browser("/local").run("events");
    two.browser("/local").run("events");

    user.at(two).run("invalidate");

    String unbound = "valueUnbound w unserializable worker";
    List<String> here = new ArrayList<>();
    Runnable collect = () -> here.add(one.browser("/local").run("events").of("events"));
    Awaitility.await()
        .until(
            () -> {
              collect.run();
              return here.toString().contains(unbound);
            });
    Awaitility.await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    collect.run();
    assertThat(here.toString().split(unbound, -1)).as("told once: %s", here).hasSize(2);
    assertThat(two.browser("/local").run("events").of("events")).doesNotContain(unbound);
  }

  @Test
  void itIsRefusedIfSoConfiguredAndTheMessageNamesTheWayToIt() {
    assertRefused("/refuse");
  }

  @Test
  void itIsRefusedInADistributableApplicationWhateverTheSetting() {
    assertRefused("/distributable");
    assertThat(one.log()).contains("note: web.xml declares <distributable/>");
  }

  private static void assertRefused(String contextPath) {
    Browser user = one.browser(contextPath);
    Reply reply = user.run("set w before", "set-unserializable w worker", "get w");

    assertThat(reply.of("set-unserializable w worker"))
        .startsWith("!java.lang.IllegalArgumentException: setAttribute(\"w\"): ")
        .contains("Unserializable.thread) cannot be kept in a session");
    assertThat(reply.of("get w")).isEqualTo("before");
  }
}
