package dev.holdfast.benchmark;

import java.util.function.ToDoubleFunction;

/**
 * One measurement.
 *
 * @param requests that were answered
 * @param seconds that it took
 * @param p50 median of the answer times, microseconds
 * @param p99 99th percentile of the answer times, microseconds
 * @param usage of all requests together
 */
record Sample(long requests, double seconds, long p50, long p99, Usage usage) {
  /** What the report shows of a sample, each per request but the first three. */
  enum Figure {
    RATE("requests/s", s -> s.requests / s.seconds, "%,.0f"),
    P50("p50 ms", s -> s.p50 / 1e3, "%.2f"),
    P99("p99 ms", s -> s.p99 / 1e3, "%.2f"),
    CPU("server CPU µs", s -> s.usage.cpuNanos() / 1e3 / s.requests, "%.1f"),
    GARBAGE("allocated bytes", s -> (double) s.usage.allocated() / s.requests, "%,.0f"),
    COMMANDS("Redis commands", s -> (double) s.usage.commands() / s.requests, "%.2f"),
    BYTES("Redis bytes", s -> (double) s.usage.redisBytes() / s.requests, "%,.0f"),
    REDIS("Redis CPU µs", s -> (double) s.usage.redisMicros() / s.requests, "%.1f");

    final String title;
    final ToDoubleFunction<Sample> value;
    final String format;

    Figure(String title, ToDoubleFunction<Sample> value, String format) {
      this.title = title;
      this.value = value;
      this.format = format;
    }
  }
}
