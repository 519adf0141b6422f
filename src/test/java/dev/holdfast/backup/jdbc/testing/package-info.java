/** A real PostgreSQL for tests. */
@NullMarked
package dev.holdfast.backup.jdbc.testing;

import org.jspecify.annotations.NullMarked;
