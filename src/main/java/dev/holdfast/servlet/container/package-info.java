/**
 * Finds what a container knows and the Servlet API does not tell. One small class per container
 * does that by reflection, so that nothing is linked against any of them.
 */
@NullMarked
package dev.holdfast.servlet.container;

import org.jspecify.annotations.NullMarked;
