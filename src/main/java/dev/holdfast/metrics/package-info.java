/**
 * Counts what happens to sessions and how long Redis was waited for, shows it as an MBean ({@link
 * dev.holdfast.metrics.MetricsBean}) and to observers such as Micrometer's registries, and holds
 * down what happens too often. A room tells what it has as {@link dev.holdfast.metrics.Gauge}s;
 * nobody here knows a room.
 */
@NullMarked
package dev.holdfast.metrics;

import org.jspecify.annotations.NullMarked;
