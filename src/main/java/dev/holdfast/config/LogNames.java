package dev.holdfast.config;

/**
 * What log lines of the application may name while a request runs (setting {@code logging.mdc}).
 */
public enum LogNames {
  /** Nothing. */
  OFF,
  /** The session, by the short hash that Holdfast's own messages have. */
  SESSION,
  /** The session, and the user who is logged in to it: personal data in every line. */
  USER
}
