package dev.holdfast.redis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.testing.TestSettings;
import dev.holdfast.redis.testing.RecordingLog;
import dev.holdfast.redis.testing.RedisMonitor;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.SessionChanges;
import dev.holdfast.store.Stamp;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an outage, a large session and a missing replica cost, and whom. */
class RedisOutageTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Test
  void aFrozenRedisCostsEveryThreadOneTimeoutAndThenOneCallerInEach() throws Exception {
    RedisServer server = keep(RedisServer.start());
    RedisSessionStore store = store(server.uri(), "redis.timeout", "1s");
    store.ensureAvailable();
    Queue<Long> waits = new ConcurrentLinkedQueue<>();
    Queue<String> messages = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    server.freeze();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (!over.get()) {
                  long start = System.nanoTime();
                  try {
                    store.check(Workload.locator(), null);
                  } catch (SessionStoreUnavailableException e) {
                    messages.add(requireNonNull(e.getMessage()));
                  }
                  waits.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                  pause();
                }
              });
      thread.start();
      threads.add(thread);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> messages.stream().anyMatch(message -> message.contains("is not connected")));
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    long slow = waits.stream().filter(millis -> millis > 500).count();
    assertThat(slow).as("slow calls of " + waits.size()).isBetween(20L, 30L);
    assertThat(waits).hasSizeGreaterThan(200);
    assertThat(messages)
        .anyMatch(message -> message.contains("silent for") && message.contains("one call at a"));
    server.thaw();
    await().ignoreExceptions().until(() -> store.check(Workload.locator(), null) == null);
  }

  @Test
  void whileRedisLoadsItsDataCallersAreToldSo() {
    RedisServer server =
        keep(
            RedisServer.start(
                "--key-load-delay", "200", "--loading-process-events-interval-bytes", "1024"));
    server.command("DEBUG", "POPULATE", 5_000);
    server.command("SAVE");
    RedisSessionStore store = store(server.uri());
    NewSession session = session(10);
    store.create(session);
    server.kill();
    Queue<String> messages = new ConcurrentLinkedQueue<>();
    Thread caller =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                try {
                  store.check(Workload.locator(), null);
                } catch (SessionStoreUnavailableException e) {
                  messages.add(requireNonNull(e.getMessage()));
                }
                pause();
              }
            });
    caller.start();
    server.restart();
    await().ignoreExceptions().until(() -> store.create(session(10)).result() == Result.SAVED);
    caller.interrupt();
    assertThat(messages).anyMatch(message -> message.contains("LOADING"));
  }

  @Test
  void aLargeSessionTravelsBesideTheSmallOnes() {
    RedisServer server = keep(RedisServer.start());
    RedisSessionStore store = store(server.uri());
    NewSession small = session(100);
    NewSession large = session(1 << 20);
    store.create(small);
    store.create(large);
    store.load(large.locator(), null);
    RedisMonitor monitor = keep(new RedisMonitor(server));
    store.load(small.locator(), null);
    store.check(large.locator(), null);
    String shared = clients(monitor).iterator().next();
    assertThat(clients(monitor)).containsExactly(shared);
    monitor.clear();
    store.load(large.locator(), null);
    store.save(changes(large, 1 << 17, null));
    store.destroy(large.locator());
    assertThat(clients(monitor)).hasSize(1).doesNotContain(shared);
  }

  @Test
  void aLoginThatNoReplicaHasIsNotAcknowledged() {
    RedisServer server = keep(RedisServer.startWithUsers());
    RedisSessionStore store =
        store(server.uri("holdfast-durable"), "durability", "replica", "redis.timeout", "2s");
    NewSession session = session(10);
    assertThat(store.create(session).result()).isEqualTo(Result.SAVED);
    assertThat(store.save(changes(session, 10, null)).result()).isEqualTo(Result.SAVED);
    assertThatThrownBy(() -> store.save(changes(session, 10, new byte[] {1})))
        .isInstanceOf(SessionStoreUnavailableException.class)
        .hasMessageContaining("confirmed by no replica")
        .hasMessageContaining("may be lost in a failover");
    assertThatThrownBy(() -> store.destroy(session.locator()))
        .hasMessageContaining("confirmed by no replica");
    RedisServer replica =
        keep(
            RedisServer.start(
                "--replicaof", "127.0.0.1 " + server.port(), "--repl-diskless-sync-delay", "0"));
    server.awaitReplicas(1);
    NewSession another = session(10);
    store.create(another);
    RedisMonitor monitor = keep(new RedisMonitor(server));
    assertThat(store.save(changes(another, 10, new byte[] {1})).result()).isEqualTo(Result.SAVED);
    assertThat(replica.hash("holdfast:shop:{" + another.locator() + "}")).containsKey("m:u");
    assertThat(monitor.commands()).containsSubsequence("EVALSHA", "WAIT");
    assertThat(store.destroy(another.locator())).isNotNull();
    assertThat(replica.keys()).doesNotContain("holdfast:shop:{" + another.locator() + "}");
  }

  @Test
  void noConnectionIsClosedTwice() {
    RedisServer server = keep(RedisServer.start());
    RecordingLog log = new RecordingLog();
    AutoCloseable unused = keep(log::close);
    for (int i = 0; i < 20; i++) {
      try (RedisSessionStore store = new RedisSessionStore(TestSettings.of(server.uri()))) {
        store.ensureAvailable();
        store.endedSessions().listen(ended -> {}, () -> {}, () -> {});
        store.create(session(70_000));
      }
    }
    assertThat(log.text()).contains("Connected to Redis").doesNotContain("already closed");
  }

  private static Set<String> clients(RedisMonitor monitor) {
    return monitor.sent().stream()
        .map(RedisMonitor.Line::client)
        .filter(client -> client.contains(":"))
        .collect(java.util.stream.Collectors.toSet());
  }

  private static NewSession session(int bytes) {
    return new NewSession(
        Workload.locator(),
        new byte[32],
        Stamp.first(RANDOM),
        java.time.Instant.now(),
        Duration.ofMinutes(30),
        null,
        null,
        Map.of("a", new byte[bytes]));
  }

  private static SessionChanges changes(NewSession session, int bytes, byte[] principal) {
    return new SessionChanges(
        session.locator(),
        0,
        session.stamp(),
        new Stamp(2, RANDOM.nextLong()),
        java.time.Instant.now(),
        null,
        principal,
        null,
        Map.of("a", new byte[bytes]),
        Map.of(),
        Set.of());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RedisSessionStore store(String uri, String... settings) {
    return keep(new RedisSessionStore(TestSettings.of(uri, settings)));
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.add(closeable);
    return closeable;
  }
}
