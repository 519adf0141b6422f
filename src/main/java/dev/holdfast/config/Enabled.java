package dev.holdfast.config;

/** Whether Holdfast keeps the sessions of an application, or its container does. */
enum Enabled {
  TRUE,
  FALSE
}
