package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.metrics.AppMeasurements;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.micrometer.Micrometer;
import dev.holdfast.redis.RedisSessionStore;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SecurityEvents;
import dev.holdfast.security.SessionToken;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What it costs a request that its node measures and shows it all in a registry of Micrometer's, by
 * the side of a node that measures nothing: no wait, no byte, and hardly an object.
 */
class MetricsCostTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 2_000;
  private static final int REQUESTS = 501;

  /** Nobody is told anything. */
  private static final Metrics NOTHING = counter -> {};

  private static SessionManager node(String uri, Metrics metrics) {
    Settings settings =
        TestSettings.of(
            uri, "redis.timeout", "5s", "touch.interval", "1h", "expiry.interval", "2m");
    ClassLoader loader = MetricsCostTest.class.getClassLoader();
    RedisSessionStore redis =
        new RedisSessionStore(settings, SecurityEvents.logging(), loader, metrics);
    return TestNodes.measured(redis, settings, metrics);
  }

  private static Metrics shown(PrometheusMeterRegistry registry) {
    Measurements measured = new Measurements();
    io.micrometer.core.instrument.Metrics.addRegistry(registry);
    Micrometer.bindGlobally(new AppMeasurements("cost", measured));
    return measured;
  }

  private static SessionToken made(SessionManager node) {
    Session session = node.create(Duration.ofMinutes(30));
    session.attribute("basket", new ArrayList<>(List.of("rope", "anchor", "lantern")));
    session.attribute("user", "alice");
    node.commit(session);
    node.release(session);
    return session.token();
  }

  private static void read(SessionManager node, SessionToken token) {
    Session session = requireNonNull(node.join(token).session());
    assertRead(session);
    node.commit(session);
    node.release(session);
  }

  private static void assertRead(Session session) {
    if (!((List<?>) requireNonNull(session.attribute("basket"))).contains("rope")) {
      throw new AssertionError("not what was stored");
    }
  }

  private static void write(SessionManager node, SessionToken token, int count) {
    Session session = requireNonNull(node.join(token).session());
    assertRead(session);
    session.attribute("count", count);
    node.commit(session);
    node.release(session);
  }

  private interface Request {
    void send(SessionManager node, SessionToken token, int number);
  }

  private static final Map<String, Request> REQUESTS_OF = new LinkedHashMap<>();

  static {
    REQUESTS_OF.put("read", (node, token, number) -> read(node, token));
    REQUESTS_OF.put("write", MetricsCostTest::write);
  }

  @Test
  void neitherAWaitNorAByte() {
    List<List<Integer>> costs = new ArrayList<>();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Metrics shown = shown(registry);
    for (Metrics metrics : List.of(NOTHING, shown)) {
      try (CountingProxy proxy = new CountingProxy(REDIS.port())) {
        SessionManager node = node(proxy.uri(), metrics);
        SessionToken token = made(node);
        // The first save loads the script.
        write(node, token, 1_000);
        List<Integer> cost = new ArrayList<>();
        REQUESTS_OF.forEach(
            (name, request) -> {
              proxy.reset();
              request.send(node, token, 2_000);
              cost.add(proxy.waits());
              cost.add(proxy.bytes());
            });
        if (metrics == shown) {
          proxy.reset();
          assertThat(registry.scrape()).contains("holdfast_store_waits_seconds_count");
          assertThat(proxy.waits()).as("a scrape").isZero();
        }
        costs.add(cost);
        node.close();
      }
    }
    end(shown, registry);
    assertThat(costs.get(0)).as("waits and bytes").hasSize(4).doesNotContain(0);
    assertThat(costs.get(1)).isEqualTo(costs.get(0));
  }

  @Test
  void hardlyAnObject() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Metrics shown = shown(registry);
    SessionManager without = node(REDIS.uri(), NOTHING);
    SessionManager with = node(REDIS.uri(), shown);
    REQUESTS_OF.forEach(
        (name, request) -> {
          SessionToken one = made(without);
          SessionToken other = made(with);
          long[] before = new long[REQUESTS];
          long[] after = new long[REQUESTS];
          for (int i = -WARM_UP; i < REQUESTS; i++) {
            long plain = allocated(request, without, one, i);
            long measured = allocated(request, with, other, i);
            if (i >= 0) {
              before[i] = plain;
              after[i] = measured;
            }
          }
          assertThat(median(before)).as("bytes of a %s without", name).isGreaterThan(1_000);
          assertThat(median(after))
              .as("bytes of a %s with metrics; %d without", name, median(before))
              .isLessThanOrEqualTo(median(before) * 105 / 100);
          System.out.printf(
              "%s: %,d bytes allocated without metrics, %,d with%n",
              name, median(before), median(after));
        });
    assertThat(registry.scrape())
        .containsPattern("holdfast_joins_total\\{app=\"cost\",copy=\"current\"} [1-9]");
    without.close();
    with.close();
    end(shown, registry);
  }

  private static void end(Metrics shown, PrometheusMeterRegistry registry) {
    ((Measurements) shown).close();
    io.micrometer.core.instrument.Metrics.removeRegistry(registry);
  }

  /** By the request's own thread, where its code runs. */
  private static long allocated(
      Request request, SessionManager node, SessionToken token, int number) {
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    request.send(node, token, number);
    return THREADS.getThreadAllocatedBytes(thread) - before;
  }

  private static long median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
