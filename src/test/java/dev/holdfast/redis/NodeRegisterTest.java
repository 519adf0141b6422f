package dev.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.MinimalUser;
import dev.holdfast.redis.testing.RedisCluster;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.store.NodeRegister;
import dev.holdfast.store.NodeRegister.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On which nodes an application runs, as Redis keeps it. */
class NodeRegisterTest {
  private static final String KEY = "holdfast:shop:user:{nodes}";
  private static final Node WEB1 = new Node("web1-1-aaaaaa", Map.of("touch", "use", "app", "shop"));
  private static final Node WEB2 = new Node("web2-1-bbbbbb", Map.of("touch", "request"));
  private static RedisServer redis;

  private final RedisSessionStore here = store(redis.uri("holdfast"));
  private final RedisSessionStore there = store(redis.uri("holdfast"));

  @BeforeAll
  static void start() {
    redis = RedisServer.startWithUsers();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
    assertThat(MinimalUser.refusals(redis)).isEmpty();
    redis.flush();
  }

  private static RedisSessionStore store(String uri, String... settings) {
    return new RedisSessionStore(TestSettings.of(uri, settings));
  }

  @Test
  void everyNodeSeesAllThatHaveNotedThemselves() {
    assertThat(here.nodes().note(WEB1)).containsExactly(WEB1);
    assertThat(there.nodes().note(WEB2)).containsExactly(WEB1, WEB2);
    assertThat(here.nodes().noted()).containsExactly(WEB1, WEB2);
  }

  @Test
  void aNodeIsThereOnceHoweverOftenItIsNoted() {
    NodeRegister register = here.nodes();
    Node changed = new Node(WEB1.name(), Map.of("touch", "request"));
    register.note(WEB1);
    register.note(WEB1);
    redis.awaitNextMillisecond();

    assertThat(register.note(changed)).containsExactly(changed);
    assertThat(redis.command("ZCARD", KEY)).isEqualTo(1L);
  }

  @Test
  void aNodeThatEndsIsForgottenAtOnce() {
    NodeRegister register = here.nodes();
    NodeRegister other = there.nodes();
    register.note(WEB1);
    other.note(WEB2);

    other.forget(WEB2.name());

    assertThat(register.noted()).containsExactly(WEB1);
    assertThat(redis.command("ZCARD", KEY)).isEqualTo(1L);
  }

  @Test
  void aNodeThatDiedIsForgottenWhenItsTimeIsOverAndRemovedByAnother() {
    Duration memory = Duration.ofMillis(300);
    NodeRegister register = here.nodes(memory);
    there.nodes(memory).note(WEB2);
    assertThat(register.note(WEB1)).containsExactly(WEB1, WEB2);

    await().until(() -> register.note(WEB1).equals(List.of(WEB1)));

    await().until(() -> register.note(WEB1).equals(List.of(WEB1)) && count() == 1);
  }

  private static long count() {
    return (Long) redis.command("ZCARD", KEY);
  }

  @Test
  void theRegisterGoesWithItsLastNode() {
    here.nodes().note(WEB1);

    assertThat((Long) redis.command("PTTL", KEY))
        .isBetween(Duration.ofMinutes(11).toMillis(), Duration.ofMinutes(12).toMillis());
  }

  /** Whoever can write to Redis can write here. */
  @Test
  void whatNoNodeHasWrittenIsNotShown() {
    NodeRegister register = here.nodes();
    register.note(WEB1);
    long now = System.currentTimeMillis();
    for (String member :
        new String[] {
          "",
          "\ntouch=use",
          "web3\nno equals sign",
          "web3\n=x",
          "web3\r\ntouch=use",
          "web3\u001b[2J",
          "web3\ntouch=\u00e4",
          "web3\ntouch=" + "x".repeat(500),
          "web3" + "\na=b".repeat(300)
        }) {
      redis.command("ZADD", KEY, now, member);
    }

    assertThat(register.noted()).filteredOn(node -> !node.equals(WEB1)).isEmpty();
  }

  @Test
  void whatIsNotedForATimeToComeIsNotShownAndIsRemoved() {
    NodeRegister register = here.nodes();
    register.note(WEB1);
    long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
    redis.command("ZADD", KEY, tomorrow, "web3\ntouch=use");
    redis.command("ZADD", KEY, tomorrow + ".5", "web3-\u00e4");
    redis.command("ZADD", KEY, "1e18", "web4\ntouch=use");
    redis.command("ZADD", KEY, "inf", "web5\ntouch=use");
    redis.command("ZADD", KEY, "-inf", "web6\ntouch=use");

    assertThat(there.nodes().noted()).containsExactly(WEB1);
    assertThat(register.note(WEB1)).containsExactly(WEB1);
    assertThat(register.note(WEB1)).containsExactly(WEB1);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void noMoreIsReadThanNodesCanHaveNoted() {
    try (CountingProxy proxy = new CountingProxy(redis.port());
        RedisSessionStore counted =
            store(proxy.uri().replace("//", "//" + MinimalUser.login("holdfast") + "@"))) {
      NodeRegister register = counted.nodes();
      register.note(WEB1);
      long now = System.currentTimeMillis();
      redis.command("ZADD", KEY, now, "y".repeat(5_000_000));
      for (int i = 0; i < 1_500; i++) {
        redis.command("ZADD", KEY, now, "planted-" + i + "\ntouch=" + "x".repeat(380));
      }
      for (int i = 0; i < 70; i++) {
        redis.command("ZADD", KEY, now, "large-" + i + "x".repeat(100_000));
      }
      proxy.reset();

      assertThat(register.note(WEB1)).contains(WEB1).hasSizeBetween(100, 1_000);

      assertThat(proxy.bytesToClient().length).isLessThan(4_200_000);
    }
  }

  @Test
  void aRoundIsOnePacketOfTwoScripts() {
    try (CountingProxy proxy = new CountingProxy(redis.port());
        RedisMonitor monitor = new RedisMonitor(redis);
        RedisSessionStore counted =
            store(proxy.uri().replace("//", "//" + MinimalUser.login("holdfast") + "@"))) {
      NodeRegister register = counted.nodes();
      register.note(WEB1);
      for (int i = 0; i < 30; i++) {
        there.nodes().note(new Node("other-" + i, Map.of("touch", "use")));
      }
      proxy.reset();
      monitor.clear();

      assertThat(register.note(WEB1)).hasSize(31);

      assertThat(proxy.waits()).isEqualTo(1);
      assertThat(monitor.commands()).containsExactly("EVALSHA", "EVALSHA");
    }
  }

  @Test
  void worksOnAClusterAndWithSentinel() {
    try (RedisCluster cluster = RedisCluster.startWithUsers()) {
      assertWorks(cluster.uri("holdfast-cluster"));
      cluster.servers().forEach(server -> assertThat(MinimalUser.refusals(server)).isEmpty());
    }
    try (SentinelServers group = SentinelServers.startWithUsers(1)) {
      assertWorks(group.uri("holdfast"), "redis.sentinel-auth", MinimalUser.login("holdfast"));
    }
  }

  private static void assertWorks(String uri, String... settings) {
    try (RedisSessionStore one = store(uri, settings);
        RedisSessionStore other = store(uri, settings)) {
      NodeRegister register = one.nodes();
      register.note(WEB1);
      assertThat(other.nodes().note(WEB2)).containsExactly(WEB1, WEB2);
      register.forget(WEB1.name());
      assertThat(other.nodes().noted()).containsExactly(WEB2);
    }
  }
}
