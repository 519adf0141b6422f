package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.SessionConflictException;
import dev.holdfast.config.Conflict;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.testing.RunningRedis;
import dev.holdfast.security.SessionToken;
import dev.holdfast.session.SessionManager.Commit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many requests of one session at once, on two nodes over a real Redis. */
class SessionConcurrencyTest {
  private static final int WRITERS_PER_NODE = 3;
  private static final int ROUNDS = 150;

  private static SessionManager here;
  private static SessionManager there;
  private static ExecutorService threads;

  @BeforeAll
  static void openTwoNodes() {
    here =
        TestNodes.manager(
            TestNodes.settings(RunningRedis.shared().uri(), Conflict.DROP), new Measurements());
    there =
        TestNodes.manager(
            TestNodes.settings(RunningRedis.shared().uri(), Conflict.DROP), new Measurements());
    threads = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void closeThem() {
    threads.shutdownNow();
    here.close();
    there.close();
  }

  private static SessionToken stored() {
    Session session = here.create(Duration.ofMinutes(30));
    here.commit(session);
    here.release(session);
    return session.token();
  }

  private static void all(List<Callable<Void>> tasks) throws Exception {
    List<Future<Void>> running = new ArrayList<>();
    for (Callable<Void> task : tasks) {
      running.add(threads.submit(task));
    }
    for (Future<Void> each : running) {
      each.get();
    }
  }

  /** I1, I5 and I6: every acknowledged write is there, for every node, at once and for good. */
  @Test
  void acknowledgedWritesToDifferentAttributesAllSurviveAndReadsNeverGoBack() throws Exception {
    SessionToken token = stored();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < 2 * WRITERS_PER_NODE; i++) {
      String name = "writer " + i;
      SessionManager writes = i % 2 == 0 ? here : there;
      SessionManager reads = i % 2 == 0 ? there : here;
      tasks.add(
          () -> {
            for (int round = 1; round <= ROUNDS; round++) {
              Session session = writes.join(token).session();
              assertThat(session.attribute(name)).isEqualTo(round == 1 ? null : round - 1);
              session.attribute(name, round);
              assertThat(writes.commit(session)).isIn(Commit.SAVED, Commit.UNCHANGED);
              writes.release(session);

              Session seen = reads.join(token).session();
              assertThat(seen.attribute(name)).as("%s on the other node", name).isEqualTo(round);
              reads.release(seen);
            }
            return null;
          });
    }
    all(tasks);
  }

  /** I3: nothing that comes after the acknowledged end finds the session, nor leaves a key. */
  @Test
  void nothingBringsAnInvalidatedSessionBack() throws Exception {
    for (int round = 0; round < 40; round++) {
      SessionToken token = stored();
      AtomicInteger gone = new AtomicInteger();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (SessionManager node : List.of(here, there, here, there)) {
        tasks.add(
            () -> {
              Session session = node.join(token).session();
              if (session == null) {
                return null;
              }
              try {
                session.attribute("late", "write");
                if (node.commit(session) == Commit.GONE) {
                  gone.incrementAndGet();
                }
              } catch (IllegalStateException e) {
                // Invalidated on this node meanwhile.
              } finally {
                node.release(session);
              }
              return null;
            });
      }
      tasks.add(
          () -> {
            Session session = there.join(token).session();
            there.invalidate(session);
            there.release(session);
            assertThat(there.join(token).session()).isNull();
            assertThat(here.join(token).session()).isNull();
            return null;
          });
      all(tasks);
      assertThat(here.join(token).session()).isNull();
      assertThat(RunningRedis.shared().keys()).noneMatch(key -> key.contains(token.locator()));
    }
  }

  /** I7: one secret opens the session afterwards, and it is that of an acknowledged rotation. */
  @Test
  void ofConcurrentLoginsOnTwoNodesOneWins() throws Exception {
    for (int round = 0; round < 30; round++) {
      SessionToken token = stored();
      AtomicInteger won = new AtomicInteger();
      AtomicReference<SessionToken> winner = new AtomicReference<>();
      List<Callable<Void>> tasks = new ArrayList<>();
      for (SessionManager node : List.of(here, there)) {
        tasks.add(
            () -> {
              Session session = node.join(token).session();
              if (session == null) {
                return null;
              }
              try {
                node.rotate(session);
                node.commit(session);
                won.incrementAndGet();
                winner.set(session.token());
              } catch (SessionConflictException e) {
                // The other node was first.
              } finally {
                node.release(session);
              }
              return null;
            });
      }
      all(tasks);

      assertThat(won).hasValue(1);
      assertThat(here.join(token)).isEqualTo(Join.ROTATED_AWAY);
      Session session = there.join(winner.get()).session();
      assertThat(session).isNotNull();
      there.release(session);
    }
  }
}
