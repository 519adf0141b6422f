package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.TouchInterval;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session alive while a request holds it, however long that takes (Servlet 6.1, 7.5: its
 * time-out is the time between requests). Every third of its maxInactiveInterval its deadline is
 * moved, and nothing else of it: neither lastAccessedTime nor the absolute deadline, which bounds
 * it. A request longer than the touch interval moves the deadline once more when it ends, because
 * the session's idle time begins there.
 *
 * <p>One thread, there from the first request on, sleeps until the first session in use is due and
 * looks through those in use. A request wakes it only when its session is due before that, which
 * takes an interval of less than three minutes. Nothing is waited for: the store's answer is taken
 * when it comes, and a move that fails is tried again at once, though not more than twenty times a
 * second.
 *
 * <p>It keeps locks in the same way: their leases are renewed three times in each.
 */
final class HeldSessions implements AutoCloseable {
  private static final int PER_INTERVAL = 3;
  private static final long LONGEST_SLEEP = TimeUnit.MINUTES.toNanos(1);
  private static final long SHORTEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(50);

  private final ResidentSessions residents;
  private final SessionStore store;
  private final Duration touchInterval;
  private final AtomicLong nextLook = new AtomicLong(System.nanoTime() + LONGEST_SLEEP);
  private final Set<HeldLock> locks = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * @param touchInterval {@code touch.interval}
   */
  HeldSessions(ResidentSessions residents, SessionStore store, Duration touchInterval) {
    this.residents = residents;
    this.store = store;
    this.touchInterval = touchInterval;
  }

  /** Called when a request holds the session, and its deadline was moved just now. */
  void begin(Session session) {
    begin(session, session.deadline.storedInterval());
  }

  /**
   * As {@link #begin(Session)}, for a session that may live for less than its interval.
   *
   * @param life how long it lives from now at least
   */
  void begin(Session session, Duration life) {
    session.deadline.moved(System.nanoTime(), life);
    if (!session.endsUnused()) {
      return;
    }
    wakeBy(due(session));
  }

  private void wakeBy(long due) {
    Thread running = thread;
    if (running == null) {
      running = start();
    }
    if (lookBy(due)) {
      LockSupport.unpark(running);
    }
  }

  /** Called when a request no longer holds the session. */
  void end(Session session) {
    if (!session.endsUnused() || session.isDropped() || !session.isValid()) {
      return;
    }
    Duration slack = TouchInterval.of(touchInterval, session.deadline.storedInterval());
    if (System.nanoTime() - session.deadline.moved() > slack.toNanos()) {
      prolong(session);
    }
  }

  /** Called when a request has got a lock. */
  void begin(HeldLock lock) {
    locks.add(lock);
    wakeBy(lock.due());
  }

  /** Called when a request is about to give a lock up. */
  void end(HeldLock lock) {
    locks.remove(lock);
  }

  private static long due(Session session) {
    return session.deadline.moved() + session.deadline.life().toNanos() / PER_INTERVAL;
  }

  /** Schedules a look; answers whether that is sooner than the next one would have been. */
  private boolean lookBy(long time) {
    if (time - nextLook.get() >= 0) {
      return false;
    }
    return time - nextLook.getAndUpdate(next -> time - next < 0 ? time : next) < 0;
  }

  private synchronized @Nullable Thread start() {
    if (thread == null && !closed) {
      Thread started = new Thread(null, this::run, "holdfast-held", 0, false);
      started.setDaemon(true);
      started.setContextClassLoader(null);
      thread = started;
      started.start();
    }
    return thread;
  }

  private void run() {
    while (!closed) {
      long left = nextLook.get() - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
      } else {
        look();
      }
    }
  }

  private void look() {
    nextLook.set(System.nanoTime() + LONGEST_SLEEP);
    for (HeldLock lock : locks) {
      if (lock.due() - System.nanoTime() <= 0) {
        renew(lock);
      }
      lookBy(Math.max(lock.due(), System.nanoTime() + SHORTEST_SLEEP));
    }
    residents.forEachInUse(
        session -> {
          if (!session.endsUnused() || !session.isValid() || !session.deadline.isHeld()) {
            return;
          }
          if (due(session) - System.nanoTime() <= 0) {
            prolong(session);
          }
          lookBy(Math.max(due(session), System.nanoTime() + SHORTEST_SLEEP));
        });
  }

  private void renew(HeldLock lock) {
    long before = lock.begun();
    lock.begun(System.nanoTime());
    var unused =
        lock.ticket()
            .renew(lock.lease())
            .whenComplete(
                (held, failure) -> {
                  if (failure != null) {
                    lock.begun(before);
                    lookBy(System.nanoTime() + SHORTEST_SLEEP);
                    LockSupport.unpark(thread);
                  } else if (!held && locks.remove(lock) && !lock.isEnding()) {
                    lock.lost();
                  }
                });
  }

  private void prolong(Session session) {
    long before = session.deadline.moved();
    session.deadline.moved(System.nanoTime(), session.deadline.life());
    try {
      var unused =
          store
              .prolong(session.locator())
              .whenComplete(
                  (interval, failure) -> {
                    if (failure == null) {
                      session.deadline.moved(
                          session.deadline.moved(), session.deadline.storedInterval());
                    } else {
                      session.deadline.moved(before, session.deadline.life());
                      lookBy(System.nanoTime() + SHORTEST_SLEEP);
                      LockSupport.unpark(thread);
                    }
                  });
    } catch (SessionStoreUnavailableException e) {
      session.deadline.moved(before, session.deadline.life());
    }
  }

  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
    }
    if (running != null) {
      LockSupport.unpark(running);
      try {
        running.join(TimeUnit.SECONDS.toMillis(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
