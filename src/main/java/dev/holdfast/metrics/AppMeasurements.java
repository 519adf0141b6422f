package dev.holdfast.metrics;

/**
 * The measurements of a web application, as an attribute of its context from the check of its
 * settings until it is undeployed.
 *
 * @param app the setting {@code app}
 */
public record AppMeasurements(String app, Measurements measured) {
  /** The attribute's name. */
  public static final String ATTRIBUTE = AppMeasurements.class.getName();
}
