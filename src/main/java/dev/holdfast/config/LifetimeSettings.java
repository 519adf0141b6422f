package dev.holdfast.config;

import static dev.holdfast.config.DurationType.MINUTE;
import static dev.holdfast.config.DurationType.SECOND;
import static dev.holdfast.config.DurationType.YEAR;

import java.time.Duration;
import java.util.Set;

/**
 * When sessions and their ids end, apart from the idle time that web.xml sets.
 *
 * @param absoluteTimeout {@code absolute.timeout}: whole seconds after its creation at which a
 *     session ends whatever happens, 1 s to 365 days; zero: never
 * @param renewalInterval {@code renewal.interval}: the age at which an id is replaced, 1 s to 365
 *     days; zero: never
 * @param renewalGrace {@code renewal.grace}: how long the replaced id stays valid, 1 s to 10 min
 * @param passivePaths {@code activity.except-paths}: requests that keep no session alive, by URL
 *     pattern
 * @param passiveHeaders {@code activity.except-headers}: the same, by a header that they have
 */
public record LifetimeSettings(
    Duration absoluteTimeout,
    Duration renewalInterval,
    Duration renewalGrace,
    Set<String> passivePaths,
    Set<String> passiveHeaders) {

  /** Declares these settings, and takes their values. */
  static LifetimeSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new LifetimeSettings(
        shared.declared(
            "absolute.timeout",
            Group.FREQUENT,
            new OptionalDurationType(new DurationType(SECOND, YEAR, SECOND)),
            "none",
            "How long after its creation a session ends, even if it is in use. Applies to"
                + " sessions created from then on."),
        shared.declared(
            "renewal.interval",
            Group.FREQUENT,
            new OptionalDurationType(new DurationType(SECOND, YEAR, SECOND)),
            "none",
            "An id that is older than this is replaced by the next request that uses its session."),
        shared.declared(
            "renewal.grace",
            Group.RARE,
            new DurationType(SECOND, MINUTE.multipliedBy(10), SECOND),
            "30s",
            "How long an id that `renewal.interval` has replaced stays valid."),
        shared.computed(
            "activity.except-paths",
            Group.FREQUENT,
            new NamesType(NamesType.Kind.PATHS),
            Set::of,
            "none",
            "Requests that do not keep a session alive, such as a page's polling, by URL pattern."),
        shared.computed(
            "activity.except-headers",
            Group.RARE,
            new NamesType(NamesType.Kind.HEADERS),
            Set::of,
            "none",
            "Requests that have one of these headers do not keep their session alive."));
  }
}
