package dev.holdfast.redis;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers sessions that are stored in a way no node writes, as a second reading over a fresh
 * connection has shown. For a minute they cost no further connection: one bad hash must not disturb
 * everybody at each request for it.
 */
final class MalformedSessions {
  private static final int MAX = 1000;
  private static final long REMEMBERED_NANOS = Duration.ofMinutes(1).toNanos();

  private final Map<String, Long> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX;
        }
      };

  synchronized void add(String locator) {
    seen.remove(locator);
    seen.put(locator, System.nanoTime());
  }

  synchronized boolean isKnown(String locator) {
    Long since = seen.get(locator);
    return since != null && System.nanoTime() - since < REMEMBERED_NANOS;
  }
}
