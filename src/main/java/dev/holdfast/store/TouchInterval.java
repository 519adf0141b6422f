package dev.holdfast.store;

import java.time.Duration;

/**
 * How often an access of one session is recorded at most; a session may outlive its idle time by
 * this much.
 */
public final class TouchInterval {
  private TouchInterval() {}

  /**
   * The smaller of the setting and a tenth of the session's idle time.
   *
   * @param setting {@code touch.interval}
   * @param maxInactiveInterval zero or negative: never expires
   */
  public static Duration of(Duration setting, Duration maxInactiveInterval) {
    if (maxInactiveInterval.isZero() || maxInactiveInterval.isNegative()) {
      return setting;
    }
    // With each request: Duration.dividedBy would make a dozen objects, by way of BigDecimal.
    long tenth = maxInactiveInterval.toMillis() / 10;
    return tenth < setting.toMillis() ? Duration.ofMillis(tenth) : setting;
  }
}
