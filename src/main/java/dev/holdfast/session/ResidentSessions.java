package dev.holdfast.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The session objects of this node, one per locator: those in use, counted, and those that are
 * idle, bounded by weight.
 *
 * <p>Every change of a session's place happens inside {@code compute} on its locator, so two
 * requests can never hold two objects of one session. A dropped session is in neither place; who
 * still holds it goes on with it alone.
 */
final class ResidentSessions {
  private final ConcurrentHashMap<String, Session> inUse = new ConcurrentHashMap<>();
  private final Cache<String, Session> idle;

  /**
   * @param idleBytes weight of idle sessions to keep; 0 keeps none
   */
  ResidentSessions(long idleBytes) {
    this.idle =
        Caffeine.newBuilder()
            .maximumWeight(idleBytes)
            .weigher((String locator, Session session) -> session.weight())
            // Eviction on the caller's thread: the common pool would outlive the web application.
            .executor(Runnable::run)
            .build();
  }

  /** The session of that locator, held for the caller; null when there is none on this node. */
  @Nullable Session acquire(String locator) {
    return inUse.compute(
        locator,
        (key, current) -> {
          Session session = current != null ? current : idle.asMap().remove(key);
          if (session != null) {
            session.users++;
          }
          return session;
        });
  }

  /**
   * Makes {@code fresh} the session of its locator, unless there is one already; that one is
   * returned then. Held.
   */
  Session adopt(Session fresh) {
    Session adopted =
        inUse.compute(
            fresh.locator(),
            (key, current) -> {
              Session session = current;
              if (session == null) {
                session = idle.asMap().remove(key);
              }
              if (session == null) {
                session = fresh;
              }
              session.users++;
              return session;
            });
    return Objects.requireNonNull(adopted);
  }

  /**
   * Holds a session again that may have become idle, unless it was dropped or its place is taken.
   */
  void retain(Session session) {
    inUse.compute(
        session.locator(),
        (key, current) -> {
          session.users++;
          if (current != null || session.dropped) {
            return current;
          }
          idle.asMap().remove(key);
          return session;
        });
  }

  /** Ends one hold. The last one leaves the session idle. */
  void release(Session session) {
    inUse.compute(
        session.locator(),
        (key, current) -> {
          session.users--;
          if (current != session || session.users > 0) {
            return current;
          }
          session.becomeIdle();
          idle.put(key, session);
          return null;
        });
  }

  /** Takes the session out, so that no later request gets this object. */
  void drop(Session session) {
    inUse.compute(
        session.locator(),
        (key, current) -> {
          session.dropped = true;
          idle.asMap().remove(key, session);
          return current == session ? null : current;
        });
  }

  void clear() {
    inUse.clear();
    idle.invalidateAll();
  }
}
