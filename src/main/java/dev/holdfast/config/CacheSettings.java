package dev.holdfast.config;

import static dev.holdfast.config.DurationType.MILLISECOND;
import static dev.holdfast.config.DurationType.MINUTE;
import static dev.holdfast.config.SizeType.TERABYTE;

import java.time.Duration;

/**
 * The copies of sessions that a node keeps.
 *
 * @param mode {@code cache}
 * @param bytes {@code cache.size}: bytes of idle sessions kept on this node, 0 for none
 * @param longestLag {@code cache.lag}: how long after the last sign of life of Redis a copy is used
 *     without a question, 10 ms to 1 min
 */
public record CacheSettings(CacheMode mode, long bytes, Duration longestLag) {

  /** Declares these settings, and takes their values. */
  static CacheSettings read(SettingsReader reader) {
    return new CacheSettings(
        reader.declared(
            "cache",
            Group.FREQUENT,
            new ChoiceType<>(CacheMode.class),
            "check",
            "`check` asks Redis in each request whether this node's copy is current. `tracking` has"
                + " Redis tell of changes, so that repeated reads wait for nothing; a read may then"
                + " be as old as the news is under way, `cache.lag` at most."),
        reader.declared(
            "cache.size",
            Group.FREQUENT,
            new SizeType(0, TERABYTE),
            "64MB",
            "Memory for copies of sessions that no request is using; `0` keeps none."),
        reader.declared(
            "cache.lag",
            Group.RARE,
            new DurationType(MILLISECOND.multipliedBy(10), MINUTE, MILLISECOND),
            "1s",
            "With `cache=tracking`: how long after the last sign of life of Redis a copy is used"
                + " without asking."));
  }

  /** Whether Redis tells this node of changes. */
  public boolean isTracking() {
    return mode == CacheMode.TRACKING;
  }
}
