/**
 * What runs inside the WARs of the container tests. Imports nothing but the Servlet API and the
 * JDK, as an application does that knows nothing of us.
 */
package dev.holdfast.container.app;
