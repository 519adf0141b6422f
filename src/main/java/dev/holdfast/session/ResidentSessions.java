package dev.holdfast.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session objects of this node, one per locator: those in use, counted, those that are idle,
 * bounded by weight, and those that are idle and hold what only this node has.
 *
 * <p>Every change of a session's place happens inside {@code compute} on its locator, so two
 * requests can never hold two objects of one session. A dropped session is in none of these places;
 * whoever still holds it goes on with it alone.
 *
 * <p>Local values are lost with the object, so an object that has some is not evicted but kept
 * until the session has ended ({@link EndWatch}).
 */
final class ResidentSessions {
  /**
   * How long after its time-out a pinned session is taken to be over: it may have been touched
   * late.
   */
  private static final Duration GRACE = Duration.ofMinutes(5);

  private final ConcurrentHashMap<String, Session> inUse = new ConcurrentHashMap<>();
  private final Cache<String, Session> idle;
  private final ConcurrentHashMap<String, Pinned> pinned = new ConcurrentHashMap<>();

  /** The objects above, and those that only somebody outside still holds. */
  private final Reachable reachable = new Reachable();

  /** An idle session that may not be evicted; {@code since} as {@link System#nanoTime} gives it. */
  private record Pinned(Session session, long since) {
    boolean isOver(long now) {
      Duration interval = session.maxInactiveInterval();
      boolean ends = !interval.isZero() && !interval.isNegative();
      return ends && Duration.ofNanos(now - since).compareTo(interval.plus(GRACE)) > 0;
    }
  }

  /**
   * @param idleBytes weight of idle sessions to keep; 0 keeps none
   * @param metrics is told how many there are
   */
  ResidentSessions(long idleBytes, Metrics metrics) {
    this.idle =
        Caffeine.newBuilder()
            .maximumWeight(idleBytes)
            .weigher((String locator, Session session) -> session.weight())
            // Eviction on the caller's thread: the common pool would outlive the web application.
            .executor(Runnable::run)
            .build();
    metrics.gauge(
        new Gauge(
            "SessionsInUse",
            "Sessions that requests of this node use now.",
            "sessions",
            inUse::size));
    metrics.gauge(
        new Gauge(
            "SessionsIdle",
            "Copies of sessions that this node keeps for the next request (`cache.size`).",
            "sessions",
            idle::estimatedSize));
    metrics.gauge(
        new Gauge(
            "SessionsPinned",
            "Idle sessions with values that only this node has; a sticky balancer should lead their"
                + " users here.",
            "sessions",
            pinned::size));
  }

  /** The session of that locator, held for the caller; null when there is none on this node. */
  @Nullable Session acquire(String locator) {
    return inUse.compute(
        locator,
        (key, current) -> {
          Session session = current != null ? current : wake(key);
          if (session != null) {
            session.users++;
          }
          return session;
        });
  }

  private @Nullable Session wake(String locator) {
    Pinned kept = pinned.remove(locator);
    return kept != null ? kept.session() : idle.asMap().remove(locator);
  }

  /**
   * Makes {@code fresh} the session of its locator, unless there is one already. Returns the
   * session of that locator, held.
   */
  Session adopt(Session fresh) {
    Session adopted =
        inUse.compute(
            fresh.locator(),
            (key, current) -> {
              Session session = current;
              if (session == null) {
                session = wake(key);
              }
              if (session == null) {
                session = fresh;
              }
              session.users++;
              return session;
            });
    reachable.add(Objects.requireNonNull(adopted));
    return adopted;
  }

  /**
   * Holds a session again that may have become idle. It gets its place back unless it was dropped
   * or the place is taken.
   */
  void retain(Session session) {
    inUse.compute(
        session.locator(),
        (key, current) -> {
          session.users++;
          if (current != null || session.isDropped() || isPlaceTaken(session)) {
            return current;
          }
          Session unused = wake(key);
          return session;
        });
  }

  private boolean isPlaceTaken(Session session) {
    Pinned kept = pinned.get(session.locator());
    Session resting = kept == null ? idle.asMap().get(session.locator()) : kept.session();
    return resting != null && resting != session;
  }

  /** Ends one hold. The last one leaves the session idle. */
  void release(Session session) {
    boolean[] lost = new boolean[1];
    inUse.compute(
        session.locator(),
        (key, current) -> {
          session.users--;
          lost[0] = session.users <= 0 && current != session;
          if (current != session || session.users > 0) {
            return current;
          }
          session.attributes.becomeIdle();
          if (session.attributes.hasLocal()) {
            pinned.put(key, new Pinned(session, System.nanoTime()));
          } else {
            idle.put(key, session);
          }
          return null;
        });
    if (lost[0]) {
      session.loseLocal();
    }
  }

  /** All that some request holds now, in no order. */
  void forEachInUse(Consumer<Session> action) {
    inUse.values().forEach(action);
  }

  /** Notes that a request came that left the session alone. */
  void prolong(String locator) {
    pinned.computeIfPresent(locator, (key, kept) -> new Pinned(kept.session(), System.nanoTime()));
  }

  /** All objects of a session that somebody may hold, whether or not they were dropped. */
  List<Session> objects(String locator) {
    return reachable.of(locator);
  }

  /**
   * The sessions to look after. With {@code all}: those that are used outside of requests and those
   * that have local values. Otherwise: idle ones with local values that have been unused for too
   * long.
   */
  Set<String> local(boolean all) {
    long now = System.nanoTime();
    Set<String> found = new HashSet<>();
    pinned.forEach(
        (locator, kept) -> {
          if (all || kept.isOver(now)) {
            found.add(locator);
          }
        });
    if (all) {
      inUse.forEach(
          (locator, session) -> {
            if (session.attributes.hasLocal()) {
              found.add(locator);
            }
          });
      reachable.forEach(
          session -> {
            if (session.isUsedOutside() && session.isValid()) {
              found.add(session.locator());
            }
          });
    }
    return found;
  }

  /**
   * Whether somebody may hold an object of the session. An idle copy is forgotten: it would be of
   * no use without its session, and is read anew if the session is there after all.
   */
  boolean isHereOrForget(String locator) {
    idle.invalidate(locator);
    return !reachable.of(locator).isEmpty();
  }

  /** Takes the session out, so that no later request gets this object. */
  void drop(Session session) {
    inUse.compute(
        session.locator(),
        (key, current) -> {
          session.drop();
          idle.asMap().remove(key, session);
          Pinned kept = pinned.get(key);
          if (kept != null && kept.session() == session) {
            pinned.remove(key);
          }
          return current == session ? null : current;
        });
  }

  /** Forgets all sessions. */
  void clear() {
    List<Session> lost = new ArrayList<>(inUse.values());
    pinned.values().forEach(kept -> lost.add(kept.session()));
    inUse.clear();
    idle.invalidateAll();
    pinned.clear();
    lost.forEach(Session::loseLocal);
  }
}
