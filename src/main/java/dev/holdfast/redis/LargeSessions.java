package dev.holdfast.redis;

import dev.holdfast.redis.client.Lane;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Locators of sessions that were large when this node last saw them whole. They are read again on
 * the {@link Lane#BULK} lane, where no small reply waits behind theirs; at the first read nobody
 * knows the size. The size of a write is known beforehand.
 */
final class LargeSessions {
  private static final int LARGE = 64 * 1024;
  private static final int REMEMBERED = 1_000;

  private final Map<String, Boolean> locators =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** The lane for reading a session whole. */
  synchronized int lane(String locator) {
    return locators.containsKey(locator) ? Lane.BULK : Lane.SHARED;
  }

  /** Remembers whether the hash of {@code locator} is large. */
  synchronized void saw(String locator, Map<byte[], byte[]> hash) {
    long bytes = 0;
    for (byte[] value : hash.values()) {
      bytes += value.length;
    }
    if (bytes > LARGE) {
      locators.put(locator, true);
    } else {
      locators.remove(locator);
    }
  }

  /** The lane for a command with these arguments. */
  static int lane(List<byte[]> arguments) {
    long bytes = 0;
    for (byte[] argument : arguments) {
      bytes += argument.length;
    }
    return bytes > LARGE ? Lane.BULK : Lane.SHARED;
  }
}
