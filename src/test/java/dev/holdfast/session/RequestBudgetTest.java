package dev.holdfast.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.holdfast.config.Settings;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a request may cost: waits for Redis, packets to it, commands that Redis executes, those of
 * scripts included, bytes both ways, and bytes that the request's thread allocates. The counts are
 * exact; of bytes a quarter more than was measured is allowed. Time is measured nowhere in the
 * build: it says more of the machine than of the code.
 */
class RequestBudgetTest {
  private static final RunningRedis REDIS = RunningRedis.shared();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What requests and their scripts send; not what this test asks. */
  private static final List<String> COMMANDS =
      List.of(
          "evalsha",
          "time",
          "hmget",
          "hgetall",
          "hget",
          "hset",
          "hdel",
          "pttl",
          "pexpireat",
          "exists",
          "zadd");

  /** Any 32 bytes in base64. */
  private static final String KEY = "YnVkZ2V0LWJ1ZGdldC1idWRnZXQtYnVkZ2V0LWJ1ZGc=";

  /** The paths, and what was measured on each. */
  private enum Path {
    UNTOUCHED(0, 0, 0, 0, 152),
    READ(1, 1, 2, 275, 3_744),
    READ_IMMUTABLE(1, 1, 2, 275, 3_472),
    READ_WITH_KEY(1, 1, 2, 297, 3_808),
    READ_200_KB(1, 1, 2, 275, 301_416),
    WRITE(2, 2, 8, 578, 7_912),
    WRITE_WITH_KEY(2, 2, 8, 653, 10_504),
    WRITE_OF_200_KB(2, 2, 8, 578, 7_920),
    NEW(1, 1, 6, 455, 7_840),
    NEW_WITH_KEY(1, 1, 6, 573, 14_240);

    private final int waits;
    private final int packets;
    private final int commands;
    private final int bytes;
    private final long allocated;

    Path(int waits, int packets, int commands, int bytes, long allocated) {
      this.waits = waits;
      this.packets = packets;
      this.commands = commands;
      this.bytes = bytes;
      this.allocated = allocated;
    }

    boolean hasKey() {
      return name().endsWith("_WITH_KEY");
    }

    boolean isLarge() {
      return name().endsWith("200_KB");
    }
  }

  private static SessionManager node(String uri, Path path) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "redis.timeout",
                "5s",
                "touch.interval",
                "1h",
                "expiry.interval",
                "2m",
                "sessions.create-rate",
                "0"));
    if (path.hasKey()) {
      settings.addAll(List.of("encryption.keys", KEY, "app", "budget-with-key"));
    }
    Settings of = TestSettings.of(uri, settings.toArray(new String[0]));
    return TestNodes.over(TestNodes.store(of), of);
  }

  /** 20 lists of 10 KB or one of three short texts, and a text. */
  private static Map<String, Object> content(Path path) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("user", "alice");
    content.put("basket", new ArrayList<>(List.of("rope", "anchor", "lantern")));
    content.put("fixed", List.of("rope", "anchor", "lantern"));
    for (int i = 0; path.isLarge() && i < 20; i++) {
      List<Object> shelf = new ArrayList<>();
      for (int line = 0; line < 160; line++) {
        Map<String, Object> item = new HashMap<>();
        item.put("name", "article %04d of shelf %04d, in stock".formatted(line, i));
        item.put("cents", 995L + line);
        shelf.add(item);
      }
      content.put("shelf" + i, shelf);
    }
    return content;
  }

  private static SessionToken made(SessionManager node, Path path) {
    Session session = node.create(Duration.ofMinutes(30));
    content(path).forEach(session::attribute);
    node.commit(session);
    node.release(session);
    return session.token();
  }

  private static void send(SessionManager node, Path path, SessionToken token, int number) {
    if (path == Path.UNTOUCHED) {
      node.touch(token);
      return;
    }
    boolean isNew = path == Path.NEW || path == Path.NEW_WITH_KEY;
    Session session =
        isNew ? node.create(Duration.ofMinutes(30)) : requireNonNull(node.join(token).session());
    switch (path) {
      case READ, READ_WITH_KEY -> read(session, "basket");
      case READ_IMMUTABLE -> read(session, "fixed");
      case READ_200_KB -> {
        for (int i = 0; i < 20; i++) {
          read(session, "shelf" + i);
        }
      }
      default -> session.attribute("count", number);
    }
    node.commit(session);
    node.release(session);
  }

  private static void read(Session session, String name) {
    if (((List<?>) requireNonNull(session.attribute(name))).size() < 3) {
      throw new AssertionError("not what was stored");
    }
  }

  @ParameterizedTest
  @EnumSource(Path.class)
  void staysWithin(Path path) {
    try (CountingProxy proxy = new CountingProxy(REDIS.port())) {
      SessionManager node = node(proxy.uri(), path);
      SessionToken token = made(node, path);
      int warmUp = path.isLarge() ? 300 : 1_500;
      long[] allocated = new long[path.isLarge() ? 31 : 201];
      for (int i = -warmUp; i < allocated.length; i++) {
        long used = allocated(node, path, token, i);
        if (i >= 0) {
          allocated[i] = used;
        }
      }
      Arrays.sort(allocated);
      long median = allocated[allocated.length / 2];
      long before = commands();
      proxy.reset();
      send(node, path, token, 1_000);
      int bytes = proxy.bytes();
      long commands = commands() - before;
      System.out.printf(
          "%s(%d, %d, %d, %,d, %,d)%n",
          path, proxy.waits(), proxy.packets(), commands, bytes, median);
      assertThat(proxy.waits()).as("waits").isEqualTo(path.waits);
      assertThat(proxy.packets()).as("packets").isEqualTo(path.packets);
      assertThat(commands).as("commands").isEqualTo(path.commands);
      assertThat(bytes).as("bytes on the wire").isBetween(path.bytes * 3 / 4, path.bytes * 5 / 4);
      assertThat(median)
          .as("bytes allocated")
          .isBetween(path.allocated / 2, path.allocated * 5 / 4);
      node.close();
    }
  }

  private static long commands() {
    return COMMANDS.stream().mapToLong(REDIS::calls).sum();
  }

  /** By the request's own thread, where its code runs. */
  private static long allocated(SessionManager node, Path path, SessionToken token, int number) {
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    send(node, path, token, number);
    return THREADS.getThreadAllocatedBytes(thread) - before;
  }
}
