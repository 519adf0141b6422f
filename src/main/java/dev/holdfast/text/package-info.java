/** How text from outside is shown. Everything may use it, it uses nothing. */
@NullMarked
package dev.holdfast.text;

import org.jspecify.annotations.NullMarked;
