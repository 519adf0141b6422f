package dev.holdfast.config;

/** Whether something is done at all. */
public enum Toggle {
  /** It is done. */
  ON,
  /** It is not. */
  OFF
}
