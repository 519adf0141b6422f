/**
 * A real Redis for tests: {@link dev.holdfast.redis.testing.RedisServer} starts one on a free port
 * and can kill, freeze and restart it; {@link dev.holdfast.redis.testing.RedisMonitor} counts
 * commands as Redis sees them; {@link dev.holdfast.redis.testing.FaultProxy} does to the traffic
 * what networks do, and {@link dev.holdfast.redis.testing.CountingProxy} counts besides what a
 * client waits for.
 */
@NullMarked
package dev.holdfast.redis.testing;

import org.jspecify.annotations.NullMarked;
