package dev.holdfast.config;

import java.time.Duration;

/**
 * How to reach Redis.
 *
 * @param uri {@code redis.uri}: one server, a Sentinel group or a Cluster; may hold credentials
 * @param timeout {@code redis.timeout}: how long one command may take, 1 ms to 1 min
 * @param requestTimeout {@code redis.request-timeout}: how long one request may wait for Redis
 *     altogether, 1 ms to 2 min
 * @param connectTimeout {@code redis.connect-timeout}: how long connecting may take, 1 ms to 1 min
 * @param queueSize {@code redis.queue}: commands that may wait for a reply on the connection, at
 *     least 1
 * @param concurrency {@code redis.concurrency}: requests that may wait for Redis at the same time,
 *     at least 1
 * @param credentials {@code redis.credentials}: file of user and password, read at each connect;
 *     empty: those in the URI
 * @param sentinelAuth {@code redis.sentinel-auth}: password, or user:password, for the Sentinels
 *     themselves; empty for none
 * @param tls {@code redis.trust} and {@code redis.key}
 * @param durability {@code durability}
 * @param durableWrites {@code durability.writes}
 */
public record RedisSettings(
    String uri,
    Duration timeout,
    Duration requestTimeout,
    Duration connectTimeout,
    int queueSize,
    int concurrency,
    String credentials,
    String sentinelAuth,
    TlsSettings tls,
    Durability durability,
    DurableWrites durableWrites) {

  /** Hides the credentials. */
  @Override
  public String toString() {
    return "RedisSettings[uri="
        + RedisUriSyntax.masked(uri)
        + ", timeout="
        + timeout
        + ", requestTimeout="
        + requestTimeout
        + ", connectTimeout="
        + connectTimeout
        + ", queueSize="
        + queueSize
        + ", concurrency="
        + concurrency
        + ", credentials="
        + credentials
        + ", tls="
        + tls
        + ", durability="
        + durability
        + ", durableWrites="
        + durableWrites
        + "]";
  }
}
