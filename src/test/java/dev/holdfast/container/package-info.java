/**
 * Tests with a real container, a real WAR and its class loader, in a JVM of their own.
 *
 * <p>{@link dev.holdfast.container.Container} names the containers, {@link
 * dev.holdfast.container.WarBuilder} assembles a WAR, {@link dev.holdfast.container.ContainerNode}
 * is one server process, {@link dev.holdfast.container.Browser} speaks HTTP to it. What runs inside
 * the WAR is in {@code app}. Nothing of ours is on the server's own class path but the driver in
 * {@code src/test/containers}.
 */
@NullMarked
package dev.holdfast.container;

import org.jspecify.annotations.NullMarked;
