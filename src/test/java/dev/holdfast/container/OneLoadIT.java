package dev.holdfast.container;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.redis.testing.CountingProxy;
import dev.holdfast.redis.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/**
 * A page whose 60 requests come to a node that has not the session: a node that just started, or
 * that a balancer has just turned to.
 */
@EachContainer
class OneLoadIT {
  private static final int REQUESTS = 60;
  private static final int ATTRIBUTES = 9;

  @TempDir static Path directory;
  private static RedisServer redis;
  private static CountingProxy proxy;
  private static ContainerNode warm;
  private static ContainerNode cold;

  OneLoadIT(Container container) {}

  @BeforeParameterizedClassInvocation
  static void start(Container container) {
    redis = RedisServer.start();
    proxy = new CountingProxy(redis.port());
    ContainerNode.Builder first = node(container, redis.uri());
    cold = node(container, proxy.uri()).begin();
    warm = first.start();
  }

  private static ContainerNode.Builder node(Container container, String uri) {
    return ContainerNode.on(container)
        .deploy("", WarBuilder.probe().holdfast().in(directory))
        .environment("HOLDFAST_REDIS_URI", uri)
        .environment("HOLDFAST_REDIS_TIMEOUT", "15s")
        .environment("HOLDFAST_SESSION_MAX_SIZE", "8MB");
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    warm.close();
    cold.close();
    proxy.close();
    redis.close();
  }

  @Test
  void theRequestsOfAPageAtAColdNodeAreOneLoad() throws Exception {
    Browser user = warm.browser("");
    String[] large =
        IntStream.range(0, ATTRIBUTES)
            .mapToObj(i -> "set-bytes large" + i + " 400000")
            .toArray(String[]::new);
    assertThat(user.run(large).status()).isEqualTo(200);
    // Connects.
    cold.browser("").run("set color red");
    proxy.reset();
    // So that the first request still loads when the others come.
    proxy.bandwidth(4_000_000);

    CyclicBarrier together = new CyclicBarrier(REQUESTS);
    ExecutorService threads = Executors.newFixedThreadPool(REQUESTS);
    try {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        String step = "get large" + i % ATTRIBUTES;
        replies.add(
            threads.submit(
                () -> {
                  together.await(60, TimeUnit.SECONDS);
                  return user.at(cold).run(step);
                }));
      }
      for (Future<Reply> reply : replies) {
        assertThat(reply.get(120, TimeUnit.SECONDS).text()).contains("byte[400000]");
      }
    } finally {
      threads.shutdownNow();
      proxy.heal();
    }
    assertThat(loads()).isEqualTo(1);
    assertThat(proxy.bytesToClient().length).isLessThan(2 * ATTRIBUTES * 400_000);
  }

  private static long loads() {
    String commands = new String(proxy.bytesToServer(), ISO_8859_1);
    return Stream.of(commands.split("\r\n")).filter(word -> word.equals("HGETALL")).count();
  }
}
