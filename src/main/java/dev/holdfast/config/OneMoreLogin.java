package dev.holdfast.config;

/** What happens when a user who has as many sessions as they may have logs in once more. */
public enum OneMoreLogin {
  /** The session with the oldest login is ended. */
  END_OLDEST,
  /** The login is refused. */
  REFUSE
}
