package dev.holdfast.micrometer;

import dev.holdfast.metrics.AppMeasurements;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Has registries show the measurements of one application. Loaded only where Micrometer is. */
record RegistryBinder(AppMeasurements measurements) implements MeterBinder {

  /** The binder as an object of no particular class, for a caller that must not load Micrometer. */
  static Object of(AppMeasurements measurements) {
    return new RegistryBinder(measurements);
  }

  static void bindGlobally(AppMeasurements measurements) {
    new RegistryBinder(measurements).bindTo(Metrics.globalRegistry);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    measurements.measured().observe(new RegisteredMeters(registry, measurements));
  }
}
