package dev.holdfast.config;

/** A choice between on and off. */
public enum Toggle {
  ON,
  OFF
}
