package dev.holdfast.config;

/**
 * What is known of users beyond one session.
 *
 * @param index {@code sessions.index}: whether it is written down which sessions a user has
 * @param perUser {@code sessions.per-user}: sessions that a user may have at a time; 0 for any
 *     number
 * @param policy {@code sessions.per-user.policy}: what happens to one more
 */
public record UserSettings(Toggle index, int perUser, OneMoreLogin policy) {

  /** Whether sessions are filed under their user: also needed for a limit. */
  public boolean indexed() {
    return index == Toggle.ON || perUser > 0;
  }
}
