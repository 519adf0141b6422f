/** Attribute values to bytes and back. Sees values and never a store. */
@NullMarked
package dev.holdfast.codec;

import org.jspecify.annotations.NullMarked;
