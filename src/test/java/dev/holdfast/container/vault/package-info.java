/**
 * What an application brings that keeps passwords and keys in a vault, here a directory that the
 * system property {@code vault} names.
 */
@NullMarked
package dev.holdfast.container.vault;

import org.jspecify.annotations.NullMarked;
