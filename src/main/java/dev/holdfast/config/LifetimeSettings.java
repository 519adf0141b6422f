package dev.holdfast.config;

import java.time.Duration;
import java.util.Set;

/**
 * When sessions and their ids end, besides after the idle time that web.xml sets.
 *
 * @param absoluteTimeout {@code absolute.timeout}: whole seconds after its creation at which a
 *     session ends whatever happens, 1 s to 365 days; zero: never
 * @param renewalInterval {@code renewal.interval}: the age at which an id is replaced, 1 s to 365
 *     days; zero: never
 * @param renewalGrace {@code renewal.grace}: how long the replaced id is good, 1 s to 10 min
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

  public LifetimeSettings {
    passivePaths = Settings.copyInOrder(passivePaths);
    passiveHeaders = Settings.copyInOrder(passiveHeaders);
  }
}
