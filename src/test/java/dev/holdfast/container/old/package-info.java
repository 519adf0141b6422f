/** An application of {@code javax.servlet}, compiled against that API. */
@NullMarked
package dev.holdfast.container.old;

import org.jspecify.annotations.NullMarked;
