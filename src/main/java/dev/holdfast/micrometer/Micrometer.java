package dev.holdfast.micrometer;

import dev.holdfast.metrics.AppMeasurements;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Micrometer, if the application or its server has it. Names none of its classes: when the JVM
 * verifies a class, it loads what that names.
 */
public final class Micrometer {
  private static final Logger LOG = Loggers.of(Micrometer.class);
  private static final String ITS_CLASS = "io.micrometer.core.instrument.binder.MeterBinder";

  private Micrometer() {}

  private static boolean isPresent() {
    try {
      Class.forName(ITS_CLASS, false, Micrometer.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /**
   * What shows the measurements in any registry until they are closed, for {@code
   * dev.holdfast.api.HoldfastMetrics}; null if Micrometer is missing.
   */
  public static @Nullable Object binder(AppMeasurements measurements) {
    return isPresent() ? RegistryBinder.of(measurements) : null;
  }

  /**
   * Shows the measurements in the global registry, to which applications add their own, until they
   * are closed. Does nothing if Micrometer is missing.
   */
  public static void bindGlobally(AppMeasurements measurements) {
    if (!isPresent()) {
      return;
    }
    try {
      RegistryBinder.bindGlobally(measurements);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(
          Level.WARNING,
          "What Holdfast measures is not shown by this Micrometer, only by the MBean"
              + " (metrics.micrometer=off ends this message)",
          e);
    }
  }
}
