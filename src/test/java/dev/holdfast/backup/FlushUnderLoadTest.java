package dev.holdfast.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.backup.jdbc.testing.Postgres;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.store.NewSession;
import dev.holdfast.store.SaveOutcome.Result;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession;
import dev.holdfast.testing.FaultMatrix;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Redis loses everything, several times, while two nodes with a backup are at work. */
class FlushUnderLoadTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int WRITERS = 4;
  private static final int LOSSES = Boolean.getBoolean("holdfast.full") ? 10 : 3;

  /** The interval, the length of a round, and what a busy machine adds. */
  private static final double SECONDS_LOST = 4;

  /** When each was over, or the end of time while it is under way. */
  private final List<Long> flushes = Collections.synchronizedList(new ArrayList<>());

  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;

  /** Writes ever higher numbers into a session of its own, at both nodes by turns. */
  private final class Writer extends Thread {
    private final String locator = locator();
    private final List<BackupNode> nodes;

    /** When each number that was acknowledged had been sent, from 1 on. */
    private final List<Long> written = Collections.synchronizedList(new ArrayList<>());

    private volatile long acknowledged;
    private volatile double lostSeconds;
    private volatile int lost;
    private volatile int late;

    Writer(List<BackupNode> nodes) {
      super("writer");
      this.nodes = nodes;
      setDaemon(true);
      BackupNode node = nodes.get(0);
      node.store.create(
          new NewSession(
              locator,
              new byte[32],
              Stamp.first(RANDOM),
              node.store.now(),
              Duration.ofMinutes(30),
              null,
              null,
              Map.of("count", "0".getBytes(UTF_8))));
    }

    @Override
    public void run() {
      try {
        for (int i = 0; !over; i++) {
          read(nodes.get(i % 2));
          write(nodes.get((i + 1) % 2));
        }
      } catch (RuntimeException | AssertionError e) {
        violations.add("answered with " + e);
      }
    }

    private void read(BackupNode node) {
      long asked = System.nanoTime();
      StoredSession session = node.store.load(locator, null);
      while (session == null && System.nanoTime() - asked < PATIENCE.toNanos()) {
        late++;
        session = node.store.load(locator, null);
      }
      if (session == null) {
        violations.add(locator + " does not come back");
        return;
      }
      int found = Integer.parseInt(new String(session.attributes().get("count").value(), UTF_8));
      if (found > written.size()) {
        violations.add(locator + " has " + found + ", which was lost before");
      } else if (found < written.size()) {
        forget(found);
      }
    }

    /** What comes after {@code found} was lost in the flush that came after it. */
    private void forget(int found) {
      List<Long> gone = written.subList(found, written.size());
      long first = gone.get(0);
      List<Long> since = flushes.stream().filter(flush -> flush >= first).toList();
      if (since.isEmpty()) {
        violations.add(locator + " went back to " + found + " and nothing was flushed");
      } else {
        lost += gone.size();
        long flushed = Math.min(since.get(0), System.nanoTime());
        lostSeconds = Math.max(lostSeconds, (flushed - first) / 1e9);
      }
      gone.clear();
    }

    private void write(BackupNode node) {
      String count = Integer.toString(written.size() + 1);
      long sent = System.nanoTime();
      if (node.save(locator, 0, "count", count) == Result.SAVED) {
        written.add(sent);
        acknowledged++;
      } else {
        late++;
      }
    }
  }

  @Test
  void sessionsComeBackWithNoMoreThanTheLastRoundLost() throws InterruptedException {
    Postgres database = Postgres.database();
    try (RedisServer redis = RedisServer.start();
        BackupNode one = node(redis, database);
        BackupNode two = node(redis, database)) {
      List<Writer> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(new Writer(List.of(one, two)));
      }
      await().atMost(PATIENCE).until(() -> copies(database) == WRITERS);
      writers.forEach(Thread::start);
      for (int i = 0; i < LOSSES; i++) {
        long before = rounds(one, two);
        await().atMost(PATIENCE).until(() -> rounds(one, two) > before + WRITERS);
        long[] acknowledged = writers.stream().mapToLong(writer -> writer.acknowledged).toArray();
        flushes.add(Long.MAX_VALUE);
        redis.flush();
        flushes.set(i, System.nanoTime());
        await().atMost(PATIENCE).until(() -> allWentOn(writers, acknowledged));
      }
      over = true;
      for (Writer writer : writers) {
        writer.join(PATIENCE.toMillis());
      }

      assertThat(violations).isEmpty();
      double seconds = writers.stream().mapToDouble(writer -> writer.lostSeconds).max().orElse(0);
      int lost = writers.stream().mapToInt(writer -> writer.lost).sum();
      FaultMatrix.record(
          "FLUSHALL with a backup",
          "FlushUnderLoadTest",
          "under load, backup.interval=1s: FLUSHALL %d times, %d writes to %d sessions at 2 nodes, all sessions back, %d writes lost, those of the last %.1f s at most, %d calls came too early"
              .formatted(
                  LOSSES,
                  writers.stream().mapToLong(writer -> writer.acknowledged).sum(),
                  WRITERS,
                  lost,
                  seconds,
                  writers.stream().mapToInt(writer -> writer.late).sum()));
      assertThat(lost).as("what the last round had not seen").isPositive();
      assertThat(seconds).isLessThan(SECONDS_LOST);
    }
  }

  private static BackupNode node(RedisServer redis, Postgres database) {
    return BackupNode.startEvery(redis.uri(), database.url(), null, "backup.interval", "1s");
  }

  private static long rounds(BackupNode one, BackupNode two) {
    return one.copies.get() + two.copies.get();
  }

  private static boolean allWentOn(List<Writer> writers, long[] acknowledged) {
    for (int i = 0; i < acknowledged.length; i++) {
      if (writers.get(i).acknowledged <= acknowledged[i] + 10) {
        return false;
      }
    }
    return true;
  }

  private static long copies(Postgres database) {
    Object count = database.value("SELECT COUNT(*) FROM holdfast_session");
    return count == null ? 0 : (Long) count;
  }

  private static String locator() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
