/**
 * All that an application or an admin names: {@link dev.holdfast.api.Sessions}, what it tells and
 * throws, the interfaces that settings name an implementation of, and {@link
 * dev.holdfast.api.HoldfastMetrics}, which needs Micrometer. The filter alone is elsewhere, where a
 * {@code web.xml} finds it: {@link dev.holdfast.HoldfastFilter}.
 *
 * <p>Every other package is internal, public types and all, and may change in any version.
 */
@NullMarked
package dev.holdfast.api;

import org.jspecify.annotations.NullMarked;
