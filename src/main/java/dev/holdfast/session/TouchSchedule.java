package dev.holdfast.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.store.TouchInterval;
import java.time.Duration;

/**
 * Remembers when this node last touched each session, so that an access is recorded at most once
 * per interval. Forgetting an entry costs one more touch and nothing else, so the number of entries
 * is bounded.
 */
final class TouchSchedule {
  private static final int MAX_ENTRIES = 100_000;

  /** How long a touch under way is waited for before another one may be sent. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(1);

  private final Cache<String, Long> notBefore =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).executor(Runnable::run).build();
  private final Duration setting;

  /**
   * @param setting {@code touch.interval}
   */
  TouchSchedule(Duration setting) {
    this.setting = setting;
  }

  /**
   * Whether the session may be touched now; true for one caller only until the touch is answered or
   * given up.
   */
  boolean claim(String locator) {
    long now = System.nanoTime();
    boolean[] claimed = new boolean[1];
    notBefore
        .asMap()
        .compute(
            locator,
            (key, until) -> {
              if (until != null && until - now > 0) {
                return until;
              }
              claimed[0] = true;
              return now + UNDER_WAY.toNanos();
            });
    return claimed[0];
  }

  /** Notes that the session was touched just now. */
  void touched(String locator, Duration maxInactiveInterval) {
    notBefore.put(
        locator, System.nanoTime() + TouchInterval.of(setting, maxInactiveInterval).toNanos());
  }

  /** Forgets the session. */
  void forget(String locator) {
    notBefore.invalidate(locator);
  }
}
