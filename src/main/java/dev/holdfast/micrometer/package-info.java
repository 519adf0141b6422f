/**
 * Shows the measurements in Micrometer's registries, where the application or its server brings
 * Micrometer. Without it only {@link dev.holdfast.micrometer.Micrometer} is loaded, which looks for
 * it.
 *
 * <p>Everything is read when a registry asks, from counters that are there anyway: no request pays
 * for it. Meters are taken out of every registry when the application is undeployed, because a
 * registry may live in the server, and a meter leads to the application's class loader.
 *
 * <p>There are no percentiles: {@code FunctionTimer}s give rates and means. Timers with histograms
 * would have to be told on the request's thread, of a library that may be of any version.
 */
@NullMarked
package dev.holdfast.micrometer;

import org.jspecify.annotations.NullMarked;
