package dev.holdfast.config;

/** Whether Holdfast notices a login for which the application does not call {@code login()}. */
public enum LoginDetection {
  /** The id of the session changes. */
  ON,
  /** Only {@code changeSessionId()}, {@code login()} and {@code authenticate()} change the id. */
  OFF
}
