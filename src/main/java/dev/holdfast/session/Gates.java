package dev.holdfast.session;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one request at a time of this node ask for the lock of a session, in order of arrival. So a
 * line in the store is never longer than there are nodes, and a request that has lost its lock
 * shares the session object with no other one that has it.
 *
 * <p>Gates are told apart by public id, so that nobody who lacks the secret can stand in one. A
 * session that has two ids for a while has two gates then.
 */
final class Gates {
  /** One more is sent away at once, so that one client cannot keep all threads waiting. */
  static final int MAX_WAITING = 32;

  private final ConcurrentHashMap<String, Gate> gates = new ConcurrentHashMap<>();

  /** Changed only inside {@code compute} on its id. */
  private static final class Gate {
    final Semaphore open = new Semaphore(1, true);
    int users;
  }

  /**
   * Waits until the caller is the one who may ask; it must {@link #leave} then.
   *
   * @return false when that took longer than {@code limit}, or too many wait already
   */
  boolean enter(String id, Duration limit) throws InterruptedException {
    boolean[] hasPlace = new boolean[1];
    Gate gate =
        gates.compute(
            id,
            (key, current) -> {
              Gate used = current == null ? new Gate() : current;
              hasPlace[0] = used.users <= MAX_WAITING;
              used.users += hasPlace[0] ? 1 : 0;
              return used;
            });
    if (!hasPlace[0]) {
      return false;
    }
    boolean entered = false;
    try {
      entered = gate.open.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
      return entered;
    } finally {
      if (!entered) {
        forget(id);
      }
    }
  }

  /** Lets the next one in. */
  void leave(String id) {
    Gate gate = gates.get(id);
    if (gate != null) {
      gate.open.release();
      forget(id);
    }
  }

  private void forget(String id) {
    gates.computeIfPresent(id, (key, current) -> --current.users == 0 ? null : current);
  }

  /** Whether whoever comes now has to wait, more or less. */
  boolean isUsed(String id) {
    return gates.containsKey(id);
  }

  /** How many requests wait. */
  int waiting() {
    return gates.values().stream().mapToInt(gate -> gate.open.getQueueLength()).sum();
  }
}
