/** What a WAR needs to try out the public API: compiled against the library, packed without it. */
package dev.holdfast.container.devices;
