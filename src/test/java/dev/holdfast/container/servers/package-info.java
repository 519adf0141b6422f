/**
 * Application servers as their makers ship them, two nodes each, with a WAR that has listeners, a
 * login, error pages and CDI. Only profile {@code full} fetches and starts them.
 */
@NullMarked
package dev.holdfast.container.servers;

import org.jspecify.annotations.NullMarked;
