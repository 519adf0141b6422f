package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.app.listening.Curious;
import dev.holdfast.container.app.listening.CurrentRequest;
import dev.holdfast.container.app.listening.Named;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** Sessions that nobody asks for any more, in servers that are processes of their own. */
@AnyContainer(Container.JETTY_12_1)
class ExpiryIT {
  private static final String VALUE = Curious.Value.class.getName();
  private static final String[] WHOLE = {
    "destroyed [a] a=one created=true request=none again=ISE",
    "unbound a=one seen=ISE",
    "removed a=one seen=ISE"
  };

  @TempDir static Path directory;
  private static RedisServer redis;
  private static ContainerNode.Builder builder;
  private static ContainerNode one;
  private static ContainerNode two;

  ExpiryIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    builder =
        ContainerNode.on(container)
            .deploy("/curious", curious().in(directory))
            .deploy(
                "/named",
                silent(listener(Named.Failing.class) + listener(Named.Declared.class))
                    .classes(Named.class)
                    .in(directory))
            .environment("HOLDFAST_REDIS_URI", redis.uri())
            .environment("HOLDFAST_EXPIRY_INTERVAL", "200ms");
    one = builder.deploy("/rolled", silent("").classes(Curious.class).in(directory)).start();
    two = builder.deploy("/rolled", curious().in(directory)).start();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  private static WarBuilder curious() {
    return silent(listener(Curious.class)).classes(Curious.class, CurrentRequest.class);
  }

  /** The probe without its recording listener. */
  private static WarBuilder silent(String elements) {
    return WarBuilder.probe().webXml(elements + WarBuilder.SERVLET).holdfast();
  }

  private static String listener(Class<?> type) {
    return "<listener><listener-class>" + type.getName() + "</listener-class></listener>\n";
  }

  /** What the listeners of this node have heard since somebody last asked, without a session. */
  private static List<String> events(ContainerNode node, String application) {
    String events = node.browser(application).run("events").of("events");
    String inside = events.substring(1, events.length() - 1);
    return inside.isEmpty() ? List.of() : Arrays.asList(inside.split(", (?=[a-z]+:? )"));
  }

  private static void awaitEvents(List<String> heard, int count, Runnable collect) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              collect.run();
              return heard.size() >= count;
            });
    await().pollDelay(Duration.ofMillis(700)).until(() -> true);
    collect.run();
  }

  @Test
  void theSessionOfAKilledNodeIsToldOnceOnASurvivor() {
    ContainerNode doomed = builder.start();
    try {
      doomed.browser("/curious").run("set-new a " + VALUE + " one", "max-inactive 2");
    } finally {
      doomed.kill();
      doomed.close();
    }
    List<String> heard = new ArrayList<>();
    awaitEvents(
        heard,
        WHOLE.length,
        () -> {
          heard.addAll(events(one, "/curious"));
          heard.addAll(events(two, "/curious"));
        });
    assertThat(heard).containsExactly(WHOLE);
    assertThat(redis.keys()).noneMatch(key -> key.startsWith("holdfast:curious:{"));
  }

  @Test
  void oneOfTwoNodesTellsOfASessionThatBothHaveSeen() {
    Browser user = one.browser("/curious");
    user.run("set-new a " + VALUE + " one", "max-inactive 1", "events");
    user.at(two).run("get a", "events");

    List<String> heard = new ArrayList<>();
    awaitEvents(
        heard,
        WHOLE.length,
        () -> {
          heard.addAll(events(one, "/curious"));
          heard.addAll(events(two, "/curious"));
        });
    assertThat(heard).containsExactly(WHOLE);
    assertThat(user.run("session", "events").of("session")).isEqualTo("none");
    assertThat(events(one, "/curious")).isEmpty();
  }

  @Test
  void duringARollingDeploymentTheVersionThatHasAListenerIsTold() {
    List<String> heard = new ArrayList<>();
    one.browser("/rolled").run("set-new a " + VALUE + " one", "max-inactive 1", "events");

    awaitEvents(heard, WHOLE.length, () -> heard.addAll(events(two, "/rolled")));

    assertThat(heard).containsExactly(WHOLE);
    assertThat(events(one, "/rolled")).isEmpty();
  }

  @Test
  void aListenerThatFailsStopsNeitherTheNextOneNorTheEndOfTheSession() {
    Browser user = one.browser("/named");
    user.run("set a one", "max-inactive 1", "events");
    user.at(two).run("events");

    List<String> heard = new ArrayList<>();
    awaitEvents(
        heard,
        3,
        () -> {
          heard.addAll(events(one, "/named"));
          heard.addAll(events(two, "/named"));
        });
    assertThat(heard.stream().filter(event -> event.startsWith("destroyed")))
        .containsExactly("destroyed: annotated", "destroyed: declared", "destroyed: failing");
    assertThat(redis.keys()).noneMatch(key -> key.startsWith("holdfast:named:{"));
    assertThat(one.log() + two.log())
        .contains(Named.Failing.class.getName() + " failed in sessionDestroyed");
  }
}
