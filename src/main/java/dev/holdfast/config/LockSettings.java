package dev.holdfast.config;

import static dev.holdfast.config.DurationType.MILLISECOND;
import static dev.holdfast.config.DurationType.MINUTE;
import static dev.holdfast.config.DurationType.SECOND;

import java.time.Duration;
import java.util.Set;

/**
 * Which requests of one session take turns, on whatever node they are.
 *
 * @param paths {@code lock.paths}: requests that take turns, by URL pattern; empty for none
 * @param exceptPaths {@code lock.except-paths}: requests of those paths that do not, by URL pattern
 * @param lease {@code lock.lease}: how long a node may be silent before its request loses its turn,
 *     1 s to 10 min
 * @param longestWait {@code lock.wait}: how long a request waits for its turn, 0 to 10 min; zero:
 *     not at all
 */
public record LockSettings(
    Set<String> paths, Set<String> exceptPaths, Duration lease, Duration longestWait) {

  /** Declares these settings, and takes their values. */
  static LockSettings read(SettingsReader reader) {
    SettingsReader shared = reader.shared();
    return new LockSettings(
        shared.computed(
            "lock.paths",
            Group.FREQUENT,
            new NamesType(NamesType.Kind.PATHS),
            Set::of,
            "none",
            "Requests that take turns with others of their session, on whatever node, by URL"
                + " pattern: for pages that change attributes in place."),
        shared.computed(
            "lock.except-paths",
            Group.RARE,
            new NamesType(NamesType.Kind.PATHS),
            Set::of,
            "none",
            "Requests that take no turns although `lock.paths` names them, such as scripts and"
                + " images, by URL pattern."),
        shared.declared(
            "lock.lease",
            Group.RARE,
            new DurationType(SECOND, MINUTE.multipliedBy(10), MILLISECOND),
            "5s",
            "How long after the last sign of life of a node its request keeps its turn, if another"
                + " one waits. A request that is at work renews it."),
        reader.declared(
            "lock.wait",
            Group.RARE,
            new DurationType(Duration.ZERO, MINUTE.multipliedBy(10), MILLISECOND),
            "10s",
            "How long a request waits for its turn before it is answered 503; longer than"
                + " `lock.lease`, so that it outlasts a node that dies."));
  }

  /** Whether any requests take turns. */
  public boolean isOn() {
    return !paths.isEmpty();
  }
}
