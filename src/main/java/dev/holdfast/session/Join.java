package dev.holdfast.session;

import dev.holdfast.store.SessionState;
import org.jspecify.annotations.Nullable;

/**
 * What a token led to.
 *
 * @param session live, checked against the store just now and held for the caller; null when the
 *     token opens nothing
 * @param rotatedAway whether the token was replaced by a login a moment ago, or is about to be:
 *     what comes with it is in flight, not a new visitor
 * @param state what the store said of the session; null without one
 */
public record Join(@Nullable Session session, boolean rotatedAway, @Nullable SessionState state) {
  Join(@Nullable Session session, boolean rotatedAway) {
    this(session, rotatedAway, null);
  }

  static final Join NOTHING = new Join(null, false);
  static final Join ROTATED_AWAY = new Join(null, true);
}
