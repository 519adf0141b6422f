package dev.holdfast.config;

/** What a session keeps when somebody logs in. */
public enum RotateMode {
  /** All attributes. */
  KEEP,
  /** Those that the login's own request sets, and those that a setting names. */
  FRESH
}
