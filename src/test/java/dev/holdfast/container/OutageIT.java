package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.Cites;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.testing.FaultMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis is not there. */
@AnyContainer(Container.TOMCAT_11)
class OutageIT {

  private static final Duration HEALED_WITHIN = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(20);

  @TempDir Path directory;

  private final Container container;

  OutageIT(Container container) {
    this.container = container;
  }

  @Test
  @Cites("defect 14: the application does not start without Redis")
  void theApplicationDeploysWithRedisDownAndHealsByItself() {
    try (RedisServer redis = RedisServer.start()) {
      redis.stop();
      try (ContainerNode node = start(redis)) {
        Browser user = node.browser("");

        Reply stateless = user.run("print hello");
        assertThat(stateless.status()).isEqualTo(200);
        assertThat(user.run("session").of("session")).isEqualTo("none");
        assertIsUnavailable(user.run("strict", "create"));
        Reply refused = user.run("create");
        assertIsUnavailable(refused);
        assertThat(user.cookies()).isEmpty();

        redis.restart();

        long up = System.nanoTime();
        await()
            .atMost(HEALED_WITHIN)
            .pollInterval(POLL)
            .until(() -> user.run("set color red").status() == 200);
        double healed = secondsSince(up);
        assertThat(user.run("get color").of("get color")).isEqualTo("red");
        FaultMatrix.record(
            "Down at start",
            "OutageIT",
            "%s: deployed; without a session %d, with one %d, the first session %.1f s after Redis answered"
                .formatted(container.title(), stateless.status(), refused.status(), healed));
      }
    }
  }

  @Test
  void requestsThatLeaveTheirSessionAloneAreServedWhileRedisHangs() {
    try (RedisServer redis = RedisServer.start();
        CountingProxy proxy = new CountingProxy(redis.port());
        ContainerNode node =
            // A sweep would be counted as well.
            node(proxy.uri()).environment("HOLDFAST_EXPIRY_INTERVAL", "2m").start()) {
      Browser user = node.browser("");
      await().until(() -> user.run("set color red").status() == 200);
      await().until(() -> redis.subscribers("holdfast:root:ended") == 1);
      redis.freeze();
      try {
        proxy.reset();
        Map<Integer, Integer> statuses = new TreeMap<>();
        double longest = 0;
        for (Browser browser : List.of(user, node.browser(""))) {
          for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            statuses.merge(browser.run("print hello").status(), 1, Integer::sum);
            longest = Math.max(longest, secondsSince(start));
          }
        }
        int sent = proxy.bytesToServer().length;
        assertThat(statuses).containsExactly(Map.entry(200, 40));
        assertThat(sent).as("bytes sent to Redis").isZero();
        Reply reading = user.run("get color");
        assertIsUnavailable(reading);
        assertThat(proxy.bytesToServer()).as("what that one sent").isNotEmpty();
        FaultMatrix.record(
            "Requests that ignore the session",
            "OutageIT",
            "%s: Redis stopped, answers by status %s, half of the requests with a cookie, the slowest %.2f s, %d bytes sent to Redis; one that reads its session %d"
                .formatted(container.title(), statuses, longest, sent, reading.status()));
      } finally {
        redis.thaw();
      }
    }
  }

  @Test
  void aSessionSurvivesTheRestartOfRedisAndItsUserIsNeverSentAway() {
    try (RedisServer redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
        ContainerNode node = start(redis)) {
      Browser user = node.browser("");
      user.run("set color red");
      int cookies = user.history().size();
      redis.kill();

      assertThat(user.run("print hello").status()).isEqualTo(200);
      assertIsUnavailable(user.run("strict", "get color"));
      assertIsUnavailable(user.run("session"));
      assertIsUnavailable(user.run("set color blue"));
      assertIsUnavailable(user.run("invalidate"));
      assertThat(user.history()).hasSize(cookies);

      redis.restart();

      await().atMost(HEALED_WITHIN).until(() -> user.run("session").status() == 200);
      assertThat(user.run("get color").of("get color")).isEqualTo("red");
      assertThat(user.history()).hasSize(cookies);
    }
  }

  @Test
  @Cites("defect 14: a request blocks for 20 s, then 500")
  void aRedisThatHangsCostsTheTimeoutAndNoMore() {
    try (RedisServer redis = RedisServer.start();
        ContainerNode node = start(redis)) {
      Browser user = node.browser("");
      user.run("set color red");
      redis.freeze();
      try {
        long start = System.nanoTime();
        assertIsUnavailable(user.run("set color blue"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(user.run("print hello").status()).isEqualTo(200);
      } finally {
        redis.thaw();
      }

      await().atMost(HEALED_WITHIN).until(() -> user.run("session").status() == 200);
      assertThat(user.run("get color").of("get color")).isEqualTo("red");
    }
  }

  @Test
  void aRedisThatIsSlowCostsARequestNoMoreThanItMayWaitAltogether() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = new FaultProxy(redis.port());
        ContainerNode node =
            node(proxy.uri())
                .environment("HOLDFAST_REDIS_TIMEOUT", "10s")
                .environment("HOLDFAST_REDIS_REQUEST_TIMEOUT", "2s")
                // The proxy delays one reply after the other; a sweep's would come before ours.
                .environment("HOLDFAST_EXPIRY_INTERVAL", "2m")
                .start()) {
      Browser user = node.browser("");
      user.run("set color red");
      proxy.latency(Duration.ofMillis(700));

      assertThat(user.run("get color").of("get color")).as("one wait").isEqualTo("red");
      assertIsUnavailable(user.run("set color blue"));

      proxy.heal();
      await().atMost(HEALED_WITHIN).until(() -> user.run("session").status() == 200);
      assertThat(user.run("get color").of("get color")).isEqualTo("red");
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private ContainerNode start(RedisServer redis) {
    return node(redis.uri()).start();
  }

  private ContainerNode.Builder node(String redis) {
    return ContainerNode.on(container)
        .deploy("", WarBuilder.probe().holdfast().in(directory))
        .environment("HOLDFAST_REDIS_URI", redis);
  }

  private static void assertIsUnavailable(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).hasValue("2");
    assertThat(reply.setCookies()).isEmpty();
    assertThat(reply.text()).as("says nothing of why").doesNotContain("\tat ", "Exception", "edis");
  }
}
