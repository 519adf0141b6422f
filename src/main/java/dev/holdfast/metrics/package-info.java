/** What happens, counted. An interface that does nothing unless somebody listens. */
@NullMarked
package dev.holdfast.metrics;

import org.jspecify.annotations.NullMarked;
