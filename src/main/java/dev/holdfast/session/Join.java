package dev.holdfast.session;

import dev.holdfast.store.SessionState;
import dev.holdfast.store.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * What a token led to.
 *
 * @param session live, checked against the store just now, or tracked by it, and held for the
 *     caller; null when the token opens nothing
 * @param rotatedAway whether the token was replaced by a login a moment ago, or is about to be:
 *     what comes with it is in flight, not a new visitor
 * @param state what the store said of the session; null without one
 * @param lock the session's lock, which the caller holds until {@link SessionManager#unlock}; null
 *     without one
 */
public record Join(
    @Nullable Session session,
    boolean rotatedAway,
    @Nullable SessionState state,
    @Nullable HeldLock lock) {

  Join(@Nullable Session session, boolean rotatedAway, @Nullable SessionState state) {
    this(session, rotatedAway, state, null);
  }

  Join(@Nullable Session session, boolean rotatedAway) {
    this(session, rotatedAway, null);
  }

  /** Whether the session that it found has this content, or had when it was read. */
  boolean isOf(@Nullable Stamp stamp) {
    return session != null && stamp != null && session.copy.isAt(stamp);
  }

  static final Join NOTHING = new Join(null, false);
  static final Join ROTATED_AWAY = new Join(null, true);
}
