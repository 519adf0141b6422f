package dev.holdfast.backup;

import dev.holdfast.metrics.OccasionalWarning;
import dev.holdfast.store.RestorableStore;
import dev.holdfast.store.SessionBackup;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds what should have been in the database before a response and is not, because the database
 * was down or slow: ends of sessions, and copies of sessions with a new secret or login. Retries
 * until it is there.
 */
final class MissedWrites {
  private static final Logger LOG = Loggers.of(MissedWrites.class);
  private static final int MAX = 1_000_000;
  private static final int COPIES_AT_ONCE = 16;

  private final RestorableStore store;
  private final SessionBackup backup;
  private final OccasionalWarning warning = new OccasionalWarning(LOG, Duration.ofMinutes(1));
  private final ConcurrentHashMap<String, Instant> ends = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Boolean> copies = new ConcurrentHashMap<>();

  MissedWrites(RestorableStore store, SessionBackup backup) {
    this.store = store;
    this.backup = backup;
  }

  /** Notes that the end of a session is missing: the declared window is open for it. */
  void endMissed(String locator, String reason) {
    warning.log(
        () ->
            "The end of a session could not be recorded in the backup: if Redis loses its data"
                + " before the next attempts succeed, that session comes back. "
                + reason);
    end(locator, Instant.EPOCH);
  }

  /** Has an end recorded soon; of two times the later counts. */
  void end(String locator, Instant until) {
    copies.remove(locator);
    if (ends.mappingCount() < MAX) {
      ends.merge(locator, until, (a, b) -> a.isAfter(b) ? a : b);
    }
  }

  void copyMissed(String locator, String reason) {
    warning.log(
        () ->
            "A login, logout or new id could not be recorded in the backup: if Redis loses its data"
                + " before the next attempts succeed, the session comes back as it was before. "
                + reason);
    if (copies.mappingCount() < MAX) {
      copies.put(locator, true);
    }
  }

  boolean isEmpty() {
    return ends.isEmpty() && copies.isEmpty();
  }

  /** Tries once more; throws what the database or the store throws. */
  void write(Instant earliestEnd) {
    if (isEmpty()) {
      return;
    }
    int before = ends.size() + copies.size();
    for (Map.Entry<String, Instant> end : List.copyOf(ends.entrySet())) {
      Instant until = end.getValue().isAfter(earliestEnd) ? end.getValue() : earliestEnd;
      backup.end(end.getKey(), until);
      ends.remove(end.getKey(), end.getValue());
    }
    List<String> waiting = List.copyOf(copies.keySet());
    for (int from = 0; from < waiting.size(); from += COPIES_AT_ONCE) {
      List<String> some = waiting.subList(from, Math.min(from + COPIES_AT_ONCE, waiting.size()));
      backup.keep(store.snapshots(some));
      some.forEach(copies::remove);
    }
    LOG.log(Level.INFO, "{0} ends and logins that were missing are in the backup now", before);
  }
}
