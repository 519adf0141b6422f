package dev.holdfast.config;

/** Whether a login is noticed that the application does without {@code login()}. */
public enum LoginDetection {
  /** The id of the session changes. */
  ON,
  /** Only {@code changeSessionId()}, {@code login()} and {@code authenticate()} change the id. */
  OFF
}
