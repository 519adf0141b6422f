package dev.holdfast.session;

import java.time.Duration;

/**
 * A place that a session has taken in the index of its user.
 *
 * @param user whose it is
 * @param time when it was taken, as {@link System#nanoTime()} gives it
 */
record Place(String user, long time) {
  /** After this a login takes its place once more before it is stored. */
  private static final Duration FILED_AGAIN = Duration.ofSeconds(30);

  boolean isFor(String name) {
    return user.equals(name) && System.nanoTime() - time < FILED_AGAIN.toNanos();
  }
}
