/** What a container test puts on the container's own class path. */
package dev.holdfast.container.realm;
