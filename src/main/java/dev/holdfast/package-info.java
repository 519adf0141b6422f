/**
 * The front door. Put the jar into WEB-INF/lib and say where Redis is; {@link
 * dev.holdfast.HoldfastFilter} is the one class a web.xml may name, {@link
 * dev.holdfast.api.Sessions} the one that an application may call.
 */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
