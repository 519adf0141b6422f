package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.RecordingLog;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.session.SettingsAgreement.MixedSetting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an administrator hears of nodes whose settings differ. */
class SettingsAgreementTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final AtomicInteger APPLICATIONS = new AtomicInteger();
  private static final String MIXED = "have different settings";

  private final String app = "agree-" + APPLICATIONS.incrementAndGet();
  private final RecordingLog log = new RecordingLog();
  private final List<TestNode> nodes = new ArrayList<>();

  /** One node; {@code settings} may change while it runs. */
  private final class TestNode implements Metrics {
    private final RedisSessionStore store =
        new RedisSessionStore(TestSettings.of(REDIS.uri(), "app", app));
    private final Map<String, String> settings = new HashMap<>();
    private final List<Gauge> gauges = new ArrayList<>();
    private final SettingsAgreement agreement;

    TestNode(String... namesAndValues) {
      for (int i = 0; i < namesAndValues.length; i += 2) {
        settings.put(namesAndValues[i], namesAndValues[i + 1]);
      }
      agreement = new SettingsAgreement(store.nodes(), app, () -> settings, this);
      nodes.add(this);
    }

    @Override
    public void count(Counter counter) {}

    @Override
    public void gauge(Gauge gauge) {
      gauges.add(gauge);
    }

    long mixed() {
      return gauges.get(0).value().getAsLong();
    }

    /** What is logged in one round of this node. */
    String round() {
      String before = log.text();
      agreement.compare();
      return log.text().substring(before.length());
    }

    String name() {
      return store.nodes().noted().stream()
          .filter(node -> node.settings().equals(settings))
          .findFirst()
          .orElseThrow()
          .name();
    }
  }

  @AfterEach
  void close() {
    log.close();
    nodes.forEach(node -> node.store.close());
  }

  private static List<String> warnings(String text) {
    return text.lines().filter(line -> line.contains(MIXED)).toList();
  }

  @Test
  void nodesThatAgreeSayNothing() {
    TestNode one = new TestNode("touch", "use");
    TestNode other = new TestNode("touch", "use");

    assertThat(one.round() + other.round() + one.round()).doesNotContain(MIXED, "again", "WARNING");
    assertThat(one.mixed()).isZero();
  }

  @Test
  void oneLineNamesSettingValuesAndNodesAndComesOnce() {
    TestNode one = new TestNode("session.max-size", "4MB", "touch", "use");
    TestNode other = new TestNode("session.max-size", "1MB", "touch", "use");
    one.round();

    String line = warnings(other.round()).get(0);

    assertThat(line)
        .contains(
            "Nodes that share the sessions of "
                + app
                + " have different settings: session.max-size is 1MB here, on "
                + other.name()
                + ", and 4MB on "
                + one.name()
                + ". Give it one value on all nodes and restart");
    assertThat(other.name()).contains("-" + ProcessHandle.current().pid() + "-");
    assertThat(warnings(one.round())).hasSize(1);
    assertThat(warnings(one.round() + other.round() + one.round())).isEmpty();
    assertThat(one.mixed()).isEqualTo(1);
    assertThat(other.mixed()).isEqualTo(1);
    assertThat(other.agreement.mixed())
        .containsExactly(
            new MixedSetting(
                "session.max-size",
                Map.of("1MB", List.of(other.name()), "4MB", List.of(one.name()))));
  }

  @Test
  void aRollingChangeIsOneLineOnEachNodeAndEndsWithTheLast() {
    TestNode[] cluster = new TestNode[8];
    for (int i = 0; i < cluster.length; i++) {
      cluster[i] = new TestNode("touch", "use", "node", "n");
      assertThat(warnings(cluster[i].round())).isEmpty();
    }
    int lines = 0;
    for (TestNode node : cluster) {
      node.settings.put("touch", "request");
      for (TestNode any : cluster) {
        lines += warnings(any.round()).size();
      }
    }
    assertThat(lines)
        .as("one as the old value, one as the new, but the first and the last")
        .isEqualTo(2 * cluster.length - 2);

    String end = "";
    for (TestNode any : cluster) {
      end += any.round();
    }
    assertThat(warnings(end)).isEmpty();
    assertThat(log.text().lines().filter(line -> line.contains("agree on their settings again")))
        .hasSize(cluster.length);
    assertThat(cluster[0].mixed()).isZero();
  }

  @Test
  void aNodeThatLeavesTakesItsDifferencesAlong() {
    TestNode one = new TestNode("touch", "use");
    TestNode other = new TestNode("touch", "request");
    other.round();
    one.round();
    assertThat(one.mixed()).isEqualTo(1);

    other.agreement.leave();

    assertThat(one.round()).contains("agree on their settings again; there are 1");
    assertThat(one.mixed()).isZero();
  }

  @Test
  void aNodeOfAnotherVersionThatLacksASettingAgrees() {
    new TestNode("holdfast", "1.0").round();
    TestNode other = new TestNode("holdfast", "1.0", "new.setting", "on");

    assertThat(warnings(other.round())).isEmpty();
  }

  @Test
  void aLongValueIsToldByItsBeginningAndAHash() {
    String names = "com.example.SomeClass, ".repeat(40);
    TestNode one = new TestNode("codec.allow", names + "com.example.A");
    TestNode other = new TestNode("codec.allow", names + "com.example.B");
    one.round();

    String line = warnings(other.round()).get(0);

    assertThat(line).hasSizeLessThan(700).containsPattern("SHA-256 [0-9a-f]{12}\\) here, on");
  }

  @Test
  void whatOthersHaveWrittenCannotForgeALine() {
    TestNode one = new TestNode("touch", "use\nWARNING: all is well\u001b[2J");
    TestNode other = new TestNode("touch", "request");
    one.round();

    assertThat(other.round()).contains("use\\u000aWARNING").doesNotContain("\nWARNING: all");
  }

  @Test
  void aRedisThatIsAwayDisturbsNothing() {
    RedisServer away = RedisServer.start();
    Settings settings = TestSettings.of(away.uri(), "redis.timeout", "200ms");
    away.close();
    try (RedisSessionStore store = new RedisSessionStore(settings)) {
      SettingsAgreement agreement =
          new SettingsAgreement(
              store.nodes(), "shop", () -> Map.of("touch", "use"), new Measurements());

      agreement.compare();
      agreement.leave();

      assertThat(log.text()).contains("The settings of nodes were not compared: ");
      assertThat(warnings(log.text())).isEmpty();
    }
  }

  /**
   * On the thread that hears of ended sessions, as soon as Redis is there; forgotten at the end.
   */
  @Test
  void runsBesideRequestsFromTheStartToTheEnd() {
    TestNode other = new TestNode("touch", "request");
    other.round();
    Settings settings = TestSettings.of(REDIS.uri(), "app", app);
    RedisSessionStore store = new RedisSessionStore(settings);
    SessionManager manager = TestNodes.over(store, settings, SessionEvents.NONE);
    SettingsAgreement agreement =
        new SettingsAgreement(store.nodes(), app, () -> Map.of("touch", "use"), new Measurements());

    manager.watch(store.endedSessions(), agreement, null);

    await().until(() -> agreement.mixed().size() == 1);
    assertThat(warnings(log.text())).hasSize(1);
    manager.close();
    assertThat(other.store.nodes().noted()).hasSize(1);
  }
}
