/**
 * Runs the demo WAR on several nodes over one Redis.
 *
 * <p>One process supervises: it starts Redis and one JVM per node, each an embedded Jetty with the
 * WAR at the root. A node is a process of its own so that stopping it is a death and not a
 * good-bye: it is killed with SIGKILL and has no moment to flush anything. Beside the WAR every
 * node serves the launcher's own pages: {@code /inspector}, which reads this visitor's session
 * straight from Redis, and {@code /admin}, the buttons that stop and start nodes. They reach the
 * supervisor over a loopback port and a random token, which the supervisor hands to a node on its
 * standard input; the end of that input tells a node that the supervisor is gone, and it dies too,
 * however the supervisor died.
 */
@NullMarked
package dev.holdfast.demo;

import org.jspecify.annotations.NullMarked;
