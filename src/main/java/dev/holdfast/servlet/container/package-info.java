/**
 * What the Servlet API does not tell and a container knows all the same: one small class per
 * container, by reflection, so that nothing is linked against any of them.
 */
@NullMarked
package dev.holdfast.servlet.container;

import org.jspecify.annotations.NullMarked;
