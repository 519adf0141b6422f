package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import dev.holdfast.testing.FaultMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers add to lists in place, of many sessions, in turns. In the middle one of the servers
 * is killed and started anew, then the primary of Redis is, and Sentinel makes its replica the
 * primary. A save counts as done when the replica has it ({@code durability=replica}). Whatever was
 * answered must be there in the end.
 */
class LockFailoverIT {
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");

  /** In profile full 50,000 additions. */
  private static final int SESSIONS = FULL ? 50 : 8;

  private static final int EACH = FULL ? 1_000 : 250;

  /** Sessions that are worked on at the same time, each from both servers. */
  private static final int AT_ONCE = 4;

  @TempDir static Path directory;

  private final AtomicReferenceArray<ContainerNode> nodes = new AtomicReferenceArray<>(2);
  private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger answered = new AtomicInteger();

  @Test
  void nothingAnsweredIsLostThoughAServerIsKilledAndRedisFailsOver() throws Exception {
    Path war = WarBuilder.probe().holdfast().in(directory);
    ExecutorService threads = Executors.newCachedThreadPool();
    long start = System.nanoTime();
    try (SentinelServers sentinels = SentinelServers.start(1)) {
      List<ContainerNode.Builder> builders =
          List.of(
              node(Container.TOMCAT_11, war, sentinels.uri()),
              node(Container.JETTY_12_1, war, sentinels.uri()));
      for (int i = 0; i < 2; i++) {
        nodes.set(i, builders.get(i).start());
      }
      try {
        List<List<String>> expected = new ArrayList<>();
        List<Browser> users = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
          Browser user = nodes.get(0).browser("");
          insist(user, "set-list basket first");
          users.add(user);
          expected.add(Collections.synchronizedList(new ArrayList<>(List.of("first"))));
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> working = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          working.add(
              threads.submit(
                  () -> {
                    for (int s = next.getAndIncrement(); s < SESSIONS; s = next.getAndIncrement()) {
                      int session = s;
                      List<Future<?>> both = new ArrayList<>();
                      for (int n = 0; n < 2; n++) {
                        int node = n;
                        both.add(
                            threads.submit(
                                () -> {
                                  add(users.get(session), node, expected.get(session));
                                  return null;
                                }));
                      }
                      for (Future<?> one : both) {
                        one.get();
                      }
                    }
                    return null;
                  }));
        }
        int all = SESSIONS * EACH;
        awaitAnswered(all / 3, working);
        ContainerNode doomed = nodes.get(1);
        doomed.kill();
        nodes.set(1, builders.get(1).start());
        doomed.close();
        awaitAnswered(Math.max(2 * all / 3, Math.min(all - 1, answered.get() + 100)), working);
        RedisServer old = sentinels.primary();
        old.kill();
        sentinels.awaitOtherThan(old);
        old.restart();
        int before = answered.get();
        sentinels.awaitSettled();
        for (Future<?> one : working) {
          one.get(FULL ? 3_000 : 300, TimeUnit.SECONDS);
        }
        assertThat(before).as("answered before the failover was over").isLessThan(all);

        int lost = 0;
        int found = 0;
        for (int s = 0; s < SESSIONS; s++) {
          List<String> here = basket(users.get(s).at(nodes.get(0)));
          assertThat(basket(users.get(s).at(nodes.get(1)))).isEqualTo(here);
          assertThat(here).doesNotHaveDuplicates();
          List<String> missing = new ArrayList<>(expected.get(s));
          missing.removeAll(new HashSet<>(here));
          lost += missing.size();
          found += here.size() - 1;
        }
        Map<Integer, Integer> counts = new TreeMap<>();
        statuses.forEach((status, count) -> counts.put(status, count.get()));
        String outcome =
            "additions in place answered %d, lost %d, there without an answer %d, answers by status %s, in %.0f s"
                .formatted(
                    answered.get(),
                    lost,
                    found - answered.get(),
                    counts,
                    (System.nanoTime() - start) / 1e9);
        System.out.println(outcome);
        assertThat(lost).isZero();
        assertThat(answered.get()).isEqualTo(all);
        FaultMatrix.record(
            "A lock's holder killed, then the primary of Redis", "LockFailoverIT", outcome);
      } finally {
        nodes.get(0).close();
        nodes.get(1).close();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static ContainerNode.Builder node(Container container, Path war, String uri) {
    return ContainerNode.on(container)
        .deploy("", war)
        .environment("HOLDFAST_REDIS_URI", uri)
        .environment("HOLDFAST_REDIS_TIMEOUT", "3s")
        .environment("HOLDFAST_DURABILITY", "replica")
        .environment("HOLDFAST_DURABILITY_WRITES", "all")
        .environment("HOLDFAST_LOCK_PATHS", "/probe")
        .environment("HOLDFAST_LOCK_LEASE", "2s");
  }

  private void awaitAnswered(int count, List<Future<?>> working) throws Exception {
    while (answered.get() < count) {
      TimeUnit.MILLISECONDS.sleep(20);
      for (Future<?> one : working) {
        if (one.isDone()) {
          one.get();
        }
      }
    }
  }

  /** Half of a session's additions; each that was not answered is followed by another one. */
  private void add(Browser user, int node, List<String> added) throws InterruptedException {
    Browser browser = null;
    ContainerNode at = null;
    for (int done = 0, number = 0; done < EACH / 2; number++) {
      if (at != nodes.get(node) || browser == null) {
        at = nodes.get(node);
        browser = user.at(at).alone();
      }
      String value = "n" + node + "-" + number;
      int status = status(browser, "strict", "add basket " + value);
      statuses.computeIfAbsent(status, s -> new AtomicInteger()).incrementAndGet();
      if (status == 200) {
        added.add(value);
        answered.incrementAndGet();
        done++;
      } else {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  /** 0 when there is no answer. */
  private static int status(Browser browser, String... steps) {
    try {
      return browser.run(steps).status();
    } catch (RuntimeException e) {
      return 0;
    }
  }

  private static void insist(Browser browser, String step) throws InterruptedException {
    for (int i = 0; status(browser, "strict", step) != 200; i++) {
      assertThat(i).isLessThan(200);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static List<String> basket(Browser browser) throws InterruptedException {
    insist(browser, "get basket");
    String text = browser.run("get basket").of("get basket");
    return Arrays.stream(text.substring(1, text.length() - 1).split(", "))
        .collect(Collectors.toList());
  }
}
