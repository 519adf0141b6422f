/**
 * How text from outside is shown, and what log lines go through. Everything may use it, it uses
 * nothing.
 */
@NullMarked
package dev.holdfast.text;

import org.jspecify.annotations.NullMarked;
