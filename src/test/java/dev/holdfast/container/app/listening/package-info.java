/** Listeners that a test puts into a WAR besides those of the probe. */
package dev.holdfast.container.app.listening;
