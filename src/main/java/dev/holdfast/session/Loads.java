package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.TimeBudget;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads of sessions that are under way, so that the many requests with which a page begins load its
 * session once: the first one loads it, the others wait and then only check it. What they get is
 * the object, not the answer: a write that was acknowledged before they came may be newer than the
 * load.
 *
 * <p>A load that fails has failed for all who wait, and for nobody else. If it finds nothing that
 * the id opens, each looks for itself, which is cheap. Loads are distinguished by public id, so
 * that nobody waits for a request that knows a locator but no secret.
 */
final class Loads {
  private final ConcurrentHashMap<String, Load> underWay = new ConcurrentHashMap<>();
  private final ResidentSessions residents;
  private final Duration longest;

  /**
   * @param longest how long a request waits for another one's load
   */
  Loads(ResidentSessions residents, Duration longest) {
    this.residents = residents;
    this.longest = longest;
  }

  /** One load. Changed only inside {@code compute} on its id, and read there or when it is over. */
  private static final class Load {
    final CountDownLatch over = new CountDownLatch(1);
    int waiting;
    @Nullable Session session;
    @Nullable Throwable failure;
  }

  /**
   * The session that {@code load} gives, held for the caller; another request may be loading it
   * already.
   *
   * @param load loads and holds the session; gives null when there is none
   * @return the session; null when the load, or that of the other request, gave none
   * @throws SessionStoreUnavailableException when the load failed, or took longer than this request
   *     may wait
   */
  @Nullable Session share(String id, Supplier<@Nullable Session> load) {
    Load mine = new Load();
    Load found =
        underWay.compute(
            id,
            (key, current) -> {
              if (current == null) {
                return mine;
              }
              current.waiting++;
              return current;
            });
    return found == mine ? lead(id, mine, load) : await(id, found);
  }

  private @Nullable Session lead(String id, Load load, Supplier<@Nullable Session> loader) {
    Session session = null;
    Throwable failure = null;
    try {
      session = loader.get();
      return session;
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      end(id, load, session, failure);
    }
  }

  private void end(String id, Load load, @Nullable Session session, @Nullable Throwable failure) {
    underWay.computeIfPresent(
        id,
        (key, current) -> {
          load.session = session;
          load.failure = failure;
          for (int i = 0; session != null && i < load.waiting; i++) {
            residents.retain(session);
          }
          return null;
        });
    load.over.countDown();
  }

  private @Nullable Session await(String id, Load load) {
    if (!isOver(load) && leaves(id, load)) {
      throw new SessionStoreUnavailableException(
          "load: another request loads session "
              + id
              + ", and this one may not wait for it any longer, or was interrupted. Redis or the"
              + " network to it is slow, or the session is very large; see redis.timeout and"
              + " redis.request-timeout.",
          null);
    }
    Throwable failure = load.failure;
    if (failure instanceof SessionStoreUnavailableException) {
      throw new SessionStoreUnavailableException(String.valueOf(failure.getMessage()), failure);
    }
    return load.session;
  }

  private boolean isOver(Load load) {
    long start = System.nanoTime();
    try {
      Duration within = TimeBudget.within(longest);
      return load.over.await(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      TimeBudget.spentSince(start);
    }
  }

  /**
   * Gives up waiting; answers whether the load is still under way, so that its outcome is not
   * known.
   */
  private boolean leaves(String id, Load load) {
    boolean[] left = new boolean[1];
    underWay.computeIfPresent(
        id,
        (key, current) -> {
          if (current == load) {
            load.waiting--;
            left[0] = true;
          }
          return current;
        });
    return left[0];
  }
}
