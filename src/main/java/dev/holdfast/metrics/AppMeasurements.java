package dev.holdfast.metrics;

/**
 * What is measured of one web application.
 *
 * @param app the setting {@code app}
 */
public record AppMeasurements(String app, Measurements measured) {}
