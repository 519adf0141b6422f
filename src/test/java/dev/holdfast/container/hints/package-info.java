/** An application that sends early hints (RFC 8297) in the ways that its container offers. */
@NullMarked
package dev.holdfast.container.hints;

import org.jspecify.annotations.NullMarked;
