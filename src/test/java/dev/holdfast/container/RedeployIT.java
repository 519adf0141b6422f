package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.testing.FaultMatrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is deployed again and again, with requests going on, leaves nothing. */
@EachContainer
class RedeployIT {
  private static final int REDEPLOYS = Boolean.getBoolean("holdfast.full") ? 20 : 3;
  private static final int CLIENTS = 3;

  /** As catalina.sh has it: without, Tomcat cannot look for what an application left behind. */
  private static final String[] OPEN_TO_THE_LEAK_DETECTOR = {
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED"
  };

  private static final Pattern LOADER =
      Pattern.compile(" org\\.(apache|eclipse)\\.[\\w.]*\\.(Parallel)?Web[Aa]ppClassLoader\\b");

  private static final Pattern TOMCATS_OWN =
      Pattern.compile("named \\[(Catalina-utility-|http-nio-[\\w.-]+-exec-)");

  @TempDir Path directory;

  private final Container container;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger stopped = new AtomicInteger();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();

  RedeployIT(Container container) {
    this.container = container;
  }

  @Test
  void noClassLoaderAndNoThreadStays() throws Exception {
    try (RedisServer redis = RedisServer.start();
        ContainerNode node =
            ContainerNode.on(container)
                .deploy("/shop", WarBuilder.probe().holdfast().in(directory))
                .environment("HOLDFAST_REDIS_URI", redis.uri())
                .jvm(OPEN_TO_THE_LEAK_DETECTOR)
                .start()) {
      Browser user = node.browser("/shop");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  user.run("strict", "set color red", "set-cart cart", "login root toor").status()
                      == 200);
      List<Thread> traffic = traffic(node);
      long longest = 0;
      for (int i = 0; i < REDEPLOYS; i++) {
        int before = answered.get();
        await().atMost(Duration.ofSeconds(20)).until(() -> answered.get() > before + 5);
        long start = System.nanoTime();
        node.redeploy("/shop");
        longest = Math.max(longest, System.nanoTime() - start);
      }
      over.set(true);
      for (Thread client : traffic) {
        client.join();
      }

      await().atMost(Duration.ofSeconds(20)).until(() -> user.run("get color").status() == 200);
      assertThat(user.run("get color").of("get color")).isEqualTo("red");
      assertThat(unexpected).as("answers other than 200, 404 and 503").isEmpty();
      // A container lets go of the last of them when its threads have served the new one; Jetty may
      // hold one more, however many there were.
      AtomicLong left = new AtomicLong();
      int most = container.isJetty() ? 2 : 1;
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> {
                for (int i = 0; i < 20; i++) {
                  user.start("get color").join();
                }
                left.set(loaders(node));
                assertThat(left.get()).isBetween(1L, (long) most);
              });
      // Each deployment names its threads anew: one that stayed would share its name with another.
      assertThat(ours(node)).contains("shop-redis-ended").doesNotHaveDuplicates();
      assertThat(node.leaks()).isEmpty();
      // Tomcat finds its own threads too, while they are busy with the application: that which
      // deploys, and one that is on its way out of a request's filters.
      assertThat(node.log().lines().filter(line -> !TOMCATS_OWN.matcher(line).find()))
          .noneMatch(line -> line.contains("failed to stop it"))
          .noneMatch(line -> line.contains("ThreadLocal"))
          .noneMatch(line -> line.contains("memory leak"))
          .noneMatch(line -> line.contains("Illegal access"));
      FaultMatrix.record(
          "Redeploy",
          "RedeployIT",
          "%s: %d redeploys under traffic, %d requests answered, session kept; class loaders %d, threads left 0, longest redeploy %.1f s, answers of the stopping container itself %d"
              .formatted(
                  container.title(),
                  REDEPLOYS,
                  answered.get(),
                  left.get(),
                  longest / 1e9,
                  stopped.get()));
    }
  }

  private List<Thread> traffic(ContainerNode node) {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(() -> work(node.browser("/shop")), "client");
      client.start();
      clients.add(client);
    }
    return clients;
  }

  /** Also by requests that are on their way when the application stops. */
  private void work(Browser browser) {
    while (!over.get()) {
      Reply reply = browser.run("get color", "sleep 20", "set color blue", "get color");
      if (reply.status() == 200) {
        answered.incrementAndGet();
      } else if (StoppedJetty.answered(reply)) {
        stopped.incrementAndGet();
      } else if (reply.status() != 404 && reply.status() != 503) {
        unexpected.add(reply.toString());
      }
    }
  }

  /** Live class loaders of web applications, after a full collection. */
  private static long loaders(ContainerNode node) throws IOException {
    return jcmd(node, "GC.class_histogram")
        .lines()
        .filter(line -> LOADER.matcher(line).find())
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[1]))
        .sum();
  }

  /** Names of the threads that the library started. */
  private static List<String> ours(ContainerNode node) throws IOException {
    return Pattern.compile("^\"((?:shop|holdfast|globalEventExecutor)-[^\"]*)\"", Pattern.MULTILINE)
        .matcher(jcmd(node, "Thread.print"))
        .results()
        .map(thread -> thread.group(1))
        .toList();
  }

  private static String jcmd(ContainerNode node, String command) throws IOException {
    String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(tool, "" + node.pid(), command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
