/**
 * What differs by container: its listeners, its cookie, its descriptor, its own login. What the
 * Servlet API does not tell, one small class per container finds by reflection, so that nothing is
 * linked against any of them; where it does not, there is a way without.
 */
@NullMarked
package dev.holdfast.container;

import org.jspecify.annotations.NullMarked;
