/**
 * Object graphs for property-based tests: {@link dev.holdfast.codec.testing.GraphRecipe} makes
 * them, {@link dev.holdfast.codec.testing.Shape} says what two of them have in common.
 */
@NullMarked
package dev.holdfast.codec.testing;

import org.jspecify.annotations.NullMarked;
