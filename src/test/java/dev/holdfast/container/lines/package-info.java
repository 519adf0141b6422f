/** An application that logs by SLF4J; its classes go into a WAR. */
@NullMarked
package dev.holdfast.container.lines;

import org.jspecify.annotations.NullMarked;
