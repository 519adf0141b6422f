package dev.holdfast.metrics;

import dev.holdfast.metrics.Metrics.Coding;
import dev.holdfast.metrics.Metrics.Fate;
import java.util.concurrent.atomic.LongAdder;

/**
 * Shows measurements in another place, such as a registry of the application. It is told of each
 * thing to be read once, possibly on a request's thread, and reads it whenever it wants. Throws
 * nothing.
 */
public interface MeasurementsObserver {
  /** There is this to be read. */
  void gauge(Gauge gauge);

  /** The store was waited for in this way for the first time. */
  void waits(String operation, Timing timing);

  /** What encoding or decoding takes. */
  void coding(Coding coding, Timing timing);

  /**
   * An attribute of this class met this fate for the first time.
   *
   * @param className a class's name, or {@link Measurements#OTHER_CLASSES}
   */
  void fate(Fate fate, String className, LongAdder count);

  /** The application is being undeployed: nothing of it may be held any more. */
  void close();
}
