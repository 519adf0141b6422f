package dev.holdfast.backup;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sessions of this node that the next round must look at. They are noted after the store has
 * answered and taken out before the round reads the store, so what is noted meanwhile waits for the
 * round after.
 */
final class ChangedSessions {
  private static final int MAX = 1_000_000;

  /** By locator: true when the content has changed, false when it was only read. */
  private final ConcurrentHashMap<String, Boolean> sessions = new ConcurrentHashMap<>();

  private final AtomicLong dropped = new AtomicLong();

  /** Part of what was noted. */
  record Batch(List<String> changed, List<String> read) {
    int size() {
      return changed.size() + read.size();
    }
  }

  void changed(String locator) {
    note(locator, true);
  }

  void read(String locator) {
    note(locator, false);
  }

  private void note(String locator, boolean changed) {
    if (sessions.mappingCount() >= MAX && !sessions.containsKey(locator)) {
      dropped.incrementAndGet();
      return;
    }
    sessions.merge(locator, changed, Boolean::logicalOr);
  }

  void forget(String locator) {
    sessions.remove(locator);
  }

  int size() {
    return sessions.size();
  }

  /** How many could not be noted since the last call. */
  long dropped() {
    return dropped.getAndSet(0);
  }

  Batch take(int limit) {
    Batch batch = new Batch(new ArrayList<>(), new ArrayList<>());
    Iterator<Map.Entry<String, Boolean>> entries = sessions.entrySet().iterator();
    while (batch.size() < limit && entries.hasNext()) {
      String locator = entries.next().getKey();
      Boolean changed = sessions.remove(locator);
      if (changed != null) {
        (changed ? batch.changed : batch.read).add(locator);
      }
    }
    return batch;
  }

  /** Notes again what was taken and could not be written. */
  void putBack(Batch batch) {
    batch.changed.forEach(this::changed);
    batch.read.forEach(this::read);
  }
}
