package dev.holdfast.config;

/** What becomes of a login of a user who has as many sessions as they may have. */
public enum OneMoreLogin {
  /** The session whose login is the longest ago is ended. */
  END_OLDEST,
  /** The login is refused. */
  REFUSE
}
