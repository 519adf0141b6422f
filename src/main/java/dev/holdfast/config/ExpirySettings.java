package dev.holdfast.config;

import static dev.holdfast.config.DurationType.MILLISECOND;
import static dev.holdfast.config.DurationType.MINUTE;

import java.time.Duration;

/**
 * How a node finds sessions whose time is over and that nobody asks for.
 *
 * @param events {@code expiry.events}
 * @param interval {@code expiry.interval}: how often this node looks for them, on average; 100 ms
 *     to 2 min
 */
public record ExpirySettings(ExpiryEvents events, Duration interval) {

  /** Declares these settings, and takes their values. */
  static ExpirySettings read(SettingsReader reader) {
    return new ExpirySettings(
        reader
            .shared()
            .declared(
                "expiry.events",
                Group.RARE,
                new ChoiceType<>(ExpiryEvents.class),
                "on",
                "Whether listeners are told of sessions that end because nobody asks for them. All nodes"
                    + " should agree."),
        reader.declared(
            "expiry.interval",
            Group.RARE,
            new DurationType(MILLISECOND.multipliedBy(100), MINUTE.multipliedBy(2), MILLISECOND),
            "2s",
            "How often a node looks for such sessions, on average."));
  }

  /** Whether this node looks for them at all. */
  public boolean isOn() {
    return events == ExpiryEvents.ON;
  }
}
