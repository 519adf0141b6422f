package dev.holdfast.benchmark;

/**
 * What has been used up to now, or between two times.
 *
 * @param cpuNanos of the server's process
 * @param allocated bytes, by the server's threads
 * @param commands that Redis has processed, those inside scripts too
 * @param redisBytes in and out of Redis
 * @param redisMicros CPU of Redis
 */
record Usage(long cpuNanos, long allocated, long commands, long redisBytes, long redisMicros) {
  Usage since(Usage before) {
    return new Usage(
        cpuNanos - before.cpuNanos,
        allocated - before.allocated,
        commands - before.commands,
        redisBytes - before.redisBytes,
        redisMicros - before.redisMicros);
  }
}
