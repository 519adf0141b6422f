package dev.holdfast.config;

/** Whether what is measured is shown in Micrometer's global registry. */
public enum MicrometerUse {
  /** Where Micrometer is on the application's class path. */
  AUTO,
  OFF
}
