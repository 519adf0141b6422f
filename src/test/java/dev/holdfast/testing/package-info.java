/** What tests of several packages share. */
@NullMarked
package dev.holdfast.testing;

import org.jspecify.annotations.NullMarked;
