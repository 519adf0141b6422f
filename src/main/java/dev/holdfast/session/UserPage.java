package dev.holdfast.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of all users that are logged in.
 *
 * @param users in the order of their names
 * @param next the {@code after} of the next page; null when this was the last
 */
public record UserPage(List<UserSummary> users, @Nullable String next) {

  /**
   * The sessions of one user.
   *
   * @param sessions how many, 1 or more
   * @param lastAccessedTime of the one used last, by the store's clock
   */
  public record UserSummary(String user, int sessions, Instant lastAccessedTime) {}
}
