/** A real PostgreSQL for tests. */
@NullMarked
package dev.holdfast.jdbc.testing;

import org.jspecify.annotations.NullMarked;
