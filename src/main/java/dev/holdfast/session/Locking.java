package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.LockSettings;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.security.SessionToken;
import dev.holdfast.store.SessionLocks.Answer;
import dev.holdfast.store.SessionLocks.Standing;
import dev.holdfast.store.SessionLocks.Ticket;
import dev.holdfast.store.SessionState;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.TimeBudget;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Joins sessions under their locks ({@code lock.paths}): a request that gets one is the only one of
 * its session, among those that want it, on all nodes, and sees what the one before it saved.
 *
 * <p>The question for the lock is sent in front of the read, and both are awaited together: one
 * wait, if the lock is free. Whether the read really came after the lock, which a redirect of a
 * Cluster, a forgotten script or another connection can turn round, the stamps tell: the answer to
 * the question carries the one that the session had when the lock was taken. If the read found
 * another one, it is made again.
 *
 * <p>Who has to wait sleeps until a message hands it the lock, and asks about once a second, which
 * also tells the store that it is alive. Its time in line does not count as time spent in the
 * store.
 *
 * <p>Who does not get the lock in time is sent away before anything of the application has run. A
 * request never goes on without the lock: the store refuses what is saved by one that has lost it
 * ({@link Committing}).
 */
final class Locking {
  private static final Logger LOG = Loggers.of(Locking.class);

  /** Whoever waits asks once in this time, less a part by chance. */
  private static final Duration ASKING = Duration.ofSeconds(1);

  private static final long JITTER_MILLIS = 300;

  /** How often the lock of a session that can be read is asked for once more if there was none. */
  private static final int MAX_STRAYS = 5;

  /** At most one line about lost locks in this time. */
  private static final Duration WARNING_INTERVAL = Duration.ofSeconds(10);

  private final SessionStore store;
  private final Joining joining;
  private final Metrics metrics;
  private final ResidentSessions residents;
  private final HeldSessions held;
  private final Duration lease;
  private final Duration wait;
  private final Duration answering;
  private final Set<String> paths;
  private final Gates gates = new Gates();
  private final OccasionalWarning warning = new OccasionalWarning(LOG, WARNING_INTERVAL);

  Locking(Node node, Joining joining) {
    this.store = node.store();
    this.joining = joining;
    this.metrics = node.metrics();
    this.residents = node.residents();
    this.held = node.held();
    LockSettings settings = node.settings().lock();
    this.lease = settings.lease();
    this.wait = settings.longestWait();
    this.paths = settings.paths();
    this.answering = node.settings().redis().requestTimeout();
    if (settings.isOn()) {
      metrics.gauge(
          new Gauge(
              "RequestsInLine",
              "Requests that wait behind another one of their session and node (`lock.paths`).",
              "requests",
              gates::waiting));
    }
  }

  /**
   * As {@link Joining#join}, under the lock of the session if {@code token} leads to one.
   *
   * @throws LockTimeoutException when others have it for too long
   * @throws SessionStoreUnavailableException when the store does not answer
   */
  Join join(SessionToken token, boolean access) {
    long start = System.nanoTime();
    String id = token.publicId();
    boolean waits = gates.isUsed(id);
    try {
      if (!gates.enter(id, wait)) {
        throw late(token, start);
      }
      return entered(token, id, access, start, waits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LockTimeoutException(
          "lock: a request was interrupted while it waited for another one of session " + id);
    }
  }

  /** Goes on as the one request of this node that may ask. */
  private Join entered(SessionToken token, String id, boolean access, long start, boolean waits)
      throws InterruptedException {
    Ticket ticket = store.locks().ticket(token.locator(), token.secretHash());
    boolean locked = false;
    try {
      Taken taken = take(token, ticket, start);
      if (waits || taken.waited()) {
        metrics.count(Counter.LOCK_WAITED);
        metrics.add(Counter.LOCK_WAIT_MILLIS, millisSince(start));
      }
      Join join = taken.join();
      Session session = join.session();
      SessionState state = join.state();
      if (session == null || state == null) {
        return join;
      }
      HeldLock lock =
          new HeldLock(
              token.locator(),
              ticket,
              lease,
              taken.asked(),
              () -> lost(session),
              () -> gates.leave(id));
      if (access) {
        joining.access(token, session, state);
      }
      session.lock(lock);
      held.begin(lock);
      locked = true;
      return new Join(session, join.rotatedAway(), state, lock);
    } finally {
      if (!locked) {
        ticket.leave();
        gates.leave(id);
      }
    }
  }

  /**
   * A join after which the lock is held, or that has found no session.
   *
   * @param asked when the lock was asked for, as {@link System#nanoTime()} gives it
   * @param waited whether somebody else had it
   */
  private record Taken(Join join, long asked, boolean waited) {}

  private Taken take(SessionToken token, Ticket ticket, long start) throws InterruptedException {
    boolean reads = true;
    boolean waited = false;
    for (int strays = 0; strays < MAX_STRAYS; ) {
      long asked = System.nanoTime();
      CompletableFuture<Answer> asking = ticket.ask(lease);
      Join join = reads ? joining.join(token, false) : null;
      boolean taken = false;
      try {
        Answer answer = await(asking);
        if (answer.standing() == Standing.HELD) {
          if (join != null && !join.isOf(answer.stamp())) {
            release(join);
            join = null;
          }
          join = join == null ? joining.join(token, false) : join;
          taken = true;
          return new Taken(join, asked, waited);
        }
        if (answer.standing() == Standing.NO_SESSION) {
          join = join == null ? joining.join(token, false) : join;
          if (join.session() == null) {
            taken = true;
            return new Taken(join, asked, waited);
          }
          // It has come into the store in between, from a backup.
          strays++;
          continue;
        }
        if (answer.standing() == Standing.LATE) {
          // It has no place in line. The answer has set the clock by which the next one is dated.
          strays++;
          reads = true;
          continue;
        }
      } finally {
        if (!taken) {
          release(join);
        }
      }
      waited = true;
      Duration left = wait.minusNanos(System.nanoTime() - start);
      if (left.isNegative() || left.isZero()) {
        throw late(token, start);
      }
      Duration nap = ASKING.minusMillis(ThreadLocalRandom.current().nextLong(JITTER_MILLIS));
      reads = ticket.awaitLock(left.compareTo(nap) < 0 ? left : nap);
    }
    throw new SessionStoreUnavailableException(
        "lock: session "
            + token.publicId()
            + " can be read and not locked; Redis is reached too late, or another process removes and"
            + " restores it",
        null);
  }

  private void release(@Nullable Join join) {
    Session session = join == null ? null : join.session();
    if (session != null) {
      residents.release(session);
    }
  }

  /** The answer, for which no wait is left if something was read behind the question. */
  private Answer await(CompletableFuture<Answer> asking) throws InterruptedException {
    long start = System.nanoTime();
    try {
      return asking.get(TimeBudget.within(answering).toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new SessionStoreUnavailableException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new SessionStoreUnavailableException(
          "lock: the store has not answered in the time that this request may wait for it; see"
              + " redis.timeout and redis.request-timeout.",
          e);
    } finally {
      TimeBudget.spentSince(start);
    }
  }

  private LockTimeoutException late(SessionToken token, long start) {
    metrics.count(Counter.LOCK_TIMEOUT);
    return new LockTimeoutException(
        "lock: session "
            + token.publicId()
            + " was in use by other requests for all of "
            + millisSince(start)
            + " ms, or "
            + Gates.MAX_WAITING
            + " of them wait on this node already; nothing of the application ran. Look for slow"
            + " requests under lock.paths ("
            + paths
            + "), name fewer paths, or raise lock.wait ("
            + wait.toMillis()
            + " ms).");
  }

  private void lost(Session session) {
    metrics.count(Counter.LOCK_LOST);
    warning.log(
        () ->
            "Session "
                + session.id()
                + ": a request has lost the lock while it was at work; what it saves is refused. This node, or Redis, was silent for longer than"
                + " lock.lease ("
                + lease.toMillis()
                + " ms), or Redis failed over: look for long pauses of the JVM.");
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
