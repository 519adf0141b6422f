package dev.holdfast.metrics;

import java.util.function.LongSupplier;

/**
 * Something that has a value at any time.
 *
 * @param name as an MBean attribute is named: words in capitals, without blanks
 * @param text what it tells, in a sentence
 * @param value answers at once, on any thread
 */
public record Gauge(String name, String text, LongSupplier value) {}
