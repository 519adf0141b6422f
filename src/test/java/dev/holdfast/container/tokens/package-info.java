/** An application that keeps the tokens of its forms in memory, by the id of their session. */
@NullMarked
package dev.holdfast.container.tokens;

import org.jspecify.annotations.NullMarked;
