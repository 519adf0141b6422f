/**
 * Compares what the codec brings back with what Java serialization brings back in the same JVM.
 *
 * <p>{@link dev.holdfast.codec.differential.ShapeSource} writes random classes, {@link
 * dev.holdfast.codec.differential.GraphPlan} builds random graphs of their instances, and {@link
 * dev.holdfast.codec.differential.JdkTypes} and {@link
 * dev.holdfast.codec.differential.LibraryTypes} are tables of fixed values. {@link
 * dev.holdfast.codec.differential.JavaSerialization} is the reference, {@link
 * dev.holdfast.codec.differential.Comparison} finds the first difference between two graphs, and
 * {@link dev.holdfast.codec.differential.Judge} says whether a value was equal, local, refused or
 * different.
 */
@NullMarked
package dev.holdfast.codec.differential;

import org.jspecify.annotations.NullMarked;
