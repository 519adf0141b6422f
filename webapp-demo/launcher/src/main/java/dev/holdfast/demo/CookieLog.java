package dev.holdfast.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The session cookies that left any node, by the part of the token that names the session and opens
 * nothing. The supervisor keeps it, so that it survives the node that sent the cookie.
 */
final class CookieLog {
  private static final int SESSIONS = 500;
  private static final int COOKIES = 6;

  private final Map<String, List<String>> byLocator =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
          return size() > SESSIONS;
        }
      };

  /** Adds one line about a cookie; see {@link SentCookie}. */
  synchronized void add(String locator, String line) {
    List<String> lines = byLocator.computeIfAbsent(locator, key -> new ArrayList<>());
    lines.add(line);
    if (lines.size() > COOKIES) {
      lines.remove(0);
    }
  }

  /** The lines about one session, oldest first. */
  synchronized List<String> of(String locator) {
    return List.copyOf(byLocator.getOrDefault(locator, List.of()));
  }
}
