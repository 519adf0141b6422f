package dev.holdfast.config;

import java.time.Duration;

/**
 * How to reach Redis.
 *
 * @param uri {@code redis.uri}: {@code redis://} or {@code rediss://}; may hold credentials
 * @param timeout {@code redis.timeout}: how long one command may take, 1 ms to 1 min
 * @param connectTimeout {@code redis.connect-timeout}: how long connecting may take, 1 ms to 1 min
 * @param queueSize {@code redis.queue}: commands that may wait for a reply on the connection, at
 *     least 1
 * @param concurrency {@code redis.concurrency}: requests that may wait for Redis at the same time,
 *     at least 1
 */
public record RedisSettings(
    String uri, Duration timeout, Duration connectTimeout, int queueSize, int concurrency) {

  /** Hides the credentials in the URI. */
  @Override
  public String toString() {
    return "RedisSettings[uri="
        + RedisUriSyntax.masked(uri)
        + ", timeout="
        + timeout
        + ", connectTimeout="
        + connectTimeout
        + ", queueSize="
        + queueSize
        + ", concurrency="
        + concurrency
        + "]";
  }
}
