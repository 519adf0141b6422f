/** Settings for the tests of other packages. */
@NullMarked
package dev.holdfast.config.testing;

import org.jspecify.annotations.NullMarked;
