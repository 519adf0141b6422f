/**
 * Counts what happens to sessions, and holds down what happens too often. Only tests read the
 * counts so far: the front door hands out {@link dev.holdfast.metrics.Metrics#NONE}.
 */
@NullMarked
package dev.holdfast.metrics;

import org.jspecify.annotations.NullMarked;
