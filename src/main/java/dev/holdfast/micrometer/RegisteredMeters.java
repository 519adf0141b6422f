package dev.holdfast.micrometer;

import dev.holdfast.metrics.AppMeasurements;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.metrics.MeasurementsObserver;
import dev.holdfast.metrics.Metrics.Coding;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.metrics.Metrics.Fate;
import dev.holdfast.metrics.Timing;
import dev.holdfast.text.Loggers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The meters of one application in one registry. Registries hold what they read weakly: all of it
 * is held by the measurements.
 */
final class RegisteredMeters implements MeasurementsObserver {
  private static final Logger LOG = Loggers.of(RegisteredMeters.class);
  private static final String MILLIS = "Millis";

  private final MeterRegistry registry;
  private final Tags app;
  private final List<Meter> meters = new ArrayList<>();

  RegisteredMeters(MeterRegistry registry, AppMeasurements measurements) {
    this.registry = registry;
    this.app = Tags.of("app", measurements.app());
    for (Counter counter : Counter.values()) {
      CounterName name = CounterName.of(counter);
      register(
          () ->
              FunctionCounter.builder(
                      name.name(), measurements.measured(), measured -> measured.value(counter))
                  .tags(app.and(name.tags()))
                  .baseUnit(name.unit())
                  .description(name.text(counter))
                  .register(registry));
    }
  }

  /** A registry may refuse a meter, and no request may fail for that. */
  private void register(Supplier<? extends Meter> meter) {
    try {
      meters.add(meter.get());
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "A registry of Micrometer did not take a meter of Holdfast", e);
    }
  }

  @Override
  public void gauge(Gauge gauge) {
    String name = gauge.name();
    if (name.endsWith(MILLIS)) {
      register(
          () ->
              TimeGauge.builder(
                      dotted(name.substring(0, name.length() - MILLIS.length())),
                      gauge,
                      TimeUnit.MILLISECONDS,
                      read -> read.value().getAsLong())
                  .tags(app)
                  .description(gauge.text())
                  .register(registry));
    } else {
      register(
          () ->
              io.micrometer.core.instrument.Gauge.builder(
                      dotted(name), gauge, read -> read.value().getAsLong())
                  .tags(app)
                  .baseUnit(gauge.unit().isEmpty() ? null : gauge.unit())
                  .description(gauge.text())
                  .register(registry));
    }
  }

  /** {@code SessionsInUse} becomes {@code holdfast.sessions.in.use}. */
  private static String dotted(String words) {
    return "holdfast" + words.replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT);
  }

  @Override
  public void waits(String operation, Timing timing) {
    timer(
        "holdfast.store.waits",
        Tags.of("operation", operation),
        "Waits for Redis, by what was asked",
        timing);
  }

  @Override
  public void coding(Coding coding, Timing timing) {
    timer(
        "holdfast.codec.calls",
        Tags.of("operation", coding.name().toLowerCase(Locale.ROOT)),
        "Attribute values that were encoded or decoded",
        timing);
  }

  private void timer(String name, Tags tags, String text, Timing timing) {
    register(
        () ->
            FunctionTimer.builder(name, timing, Timing::count, Timing::nanos, TimeUnit.NANOSECONDS)
                .tags(app.and(tags))
                .description(text)
                .register(registry));
  }

  @Override
  public void fate(Fate fate, String className, LongAdder count) {
    register(
        () ->
            FunctionCounter.builder(
                    "holdfast.attributes." + fate.name().toLowerCase(Locale.ROOT),
                    count,
                    LongAdder::sum)
                .tags(app.and("class", className))
                .baseUnit("attributes")
                .description(fate.text() + "; \"" + Measurements.OTHER_CLASSES + "\" for the rest")
                .register(registry));
  }

  @Override
  public void close() {
    for (Meter meter : meters) {
      try {
        Meter unused = registry.remove(meter);
      } catch (RuntimeException | LinkageError e) {
        LOG.log(Level.WARNING, "A registry of Micrometer did not give a meter back", e);
      }
    }
    meters.clear();
  }
}
