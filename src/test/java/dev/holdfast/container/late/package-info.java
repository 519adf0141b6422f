/** An application that has a filter of its own destroyed while requests still come. */
@NullMarked
package dev.holdfast.container.late;

import org.jspecify.annotations.NullMarked;
