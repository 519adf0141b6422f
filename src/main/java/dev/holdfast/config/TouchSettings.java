package dev.holdfast.config;

import static dev.holdfast.config.DurationType.HOUR;
import static dev.holdfast.config.DurationType.SECOND;

import java.time.Duration;

/**
 * What keeps a session alive.
 *
 * @param mode {@code touch}
 * @param interval {@code touch.interval}: at most one touch per session, node and interval, 1 s to
 *     1 h
 */
public record TouchSettings(TouchMode mode, Duration interval) {

  /** Declares these settings, and takes their values. */
  static TouchSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new TouchSettings(
        shared.declared(
            "touch",
            Group.RARE,
            new ChoiceType<>(TouchMode.class),
            "request",
            "What keeps a session alive: every `request` that carries its id, or only `use` of the"
                + " session."),
        shared.declared(
            "touch.interval",
            Group.FREQUENT,
            new DurationType(SECOND, HOUR, SECOND),
            "60s",
            "How often, at most, the time to live of a session in use is extended in Redis. A"
                + " session never ends early, and at most this late."));
  }
}
