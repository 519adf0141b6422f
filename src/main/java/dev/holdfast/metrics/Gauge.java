package dev.holdfast.metrics;

import java.util.function.LongSupplier;

/**
 * Something that has a value at any time.
 *
 * @param name as an MBean attribute is named: words in capitals, without blanks; a time ends in
 *     {@code Millis} and is in milliseconds
 * @param text what it tells, in a sentence
 * @param unit what is counted, in the plural: {@code sessions}; empty for a time, and for what has
 *     no unit
 * @param value answers at once, on any thread
 */
public record Gauge(String name, String text, String unit, LongSupplier value) {

  /** A time, or what has no unit. */
  public Gauge(String name, String text, LongSupplier value) {
    this(name, text, "", value);
  }
}
