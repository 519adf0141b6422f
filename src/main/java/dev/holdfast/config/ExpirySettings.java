package dev.holdfast.config;

import java.time.Duration;

/**
 * How sessions are found whose time is over and that nobody asks for.
 *
 * @param events {@code expiry.events}
 * @param interval {@code expiry.interval}: how often this node looks for them, on average; 100 ms
 *     to 2 min
 */
public record ExpirySettings(ExpiryEvents events, Duration interval) {

  /** Whether this node looks for them at all. */
  public boolean isOn() {
    return events == ExpiryEvents.ON;
  }
}
