package dev.holdfast.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;

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
 * @param credentialsProvider {@code redis.credentials-provider}: name of a class that gives them
 *     instead; empty without
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
    String credentialsProvider,
    String sentinelAuth,
    TlsSettings tls,
    Durability durability,
    DurableWrites durableWrites) {

  /** What does not fit together, if anything, for the settings that were written. */
  static List<String> faults(Set<String> written) {
    String file = Catalogue.REDIS_CREDENTIALS.name();
    String provider = Catalogue.REDIS_CREDENTIALS_PROVIDER.name();
    return written.contains(file) && written.contains(provider)
        ? List.of(
            file
                + " and "
                + provider
                + " are set at once; user and password come from one place, remove the other")
        : List.of();
  }

  /**
   * Names what is at the other end, without credentials: two URIs that lead to the same keys give
   * the same text, as far as that can be seen without asking anybody.
   */
  public String keyspace() {
    return RedisUriSyntax.keyspace(uri);
  }

  /** Hides the credentials. */
  @Override
  public String toString() {
    return "RedisSettings[uri="
        + new RedisUriSyntax().format(uri)
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
        + (credentials.isEmpty() ? "none" : "***")
        + ", credentialsProvider="
        + credentialsProvider
        + ", tls="
        + tls
        + ", durability="
        + durability
        + ", durableWrites="
        + durableWrites
        + "]";
  }
}
