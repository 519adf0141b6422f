/** An application that has a registry of Micrometer's and shows it at {@code /metrics}. */
@NullMarked
package dev.holdfast.container.meters;

import org.jspecify.annotations.NullMarked;
