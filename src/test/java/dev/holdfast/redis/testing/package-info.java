/**
 * A real Redis for tests: {@link dev.holdfast.redis.testing.RedisServer} starts one on a free port
 * and can kill, freeze and restart it; {@link dev.holdfast.redis.testing.RedisMonitor} counts
 * commands as Redis sees them; {@link dev.holdfast.redis.testing.CountingProxy} counts what a
 * client waits for on the socket and injects faults.
 */
@NullMarked
package dev.holdfast.redis.testing;

import org.jspecify.annotations.NullMarked;
