package dev.holdfast.config;

import static dev.holdfast.config.DurationType.MILLISECOND;
import static dev.holdfast.config.DurationType.MINUTE;

import java.time.Duration;
import java.util.List;

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
 * @param credentialsProvider {@code redis.credentials-provider}: name of a class that provides them
 *     instead; empty for none
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

  private static final String CREDENTIALS = "redis.credentials";
  private static final String PROVIDER = "redis.credentials-provider";

  /** Declares these settings, and takes their values. */
  static RedisSettings read(SettingsReader reader) {
    String uri =
        reader.required(
            "redis.uri",
            Group.ESSENTIAL,
            new RedisUriSyntax(),
            "redis://localhost:6379",
            "Holdfast cannot guess where Redis is",
            "Where Redis is: `redis://[user:password@]host[:port][/database]`;"
                + " `redis-sentinel://[user:password@]host[:port],...[/database]#primary`;"
                + " `redis-cluster://[user:password@]host[:port],...`. `rediss` instead of `redis`"
                + " for TLS.");
    Duration timeout =
        reader.declared(
            "redis.timeout",
            Group.RARE,
            new DurationType(MILLISECOND, MINUTE, MILLISECOND),
            "1s",
            "How long a request waits for one reply from Redis before it is answered with 503.");
    RedisSettings settings =
        new RedisSettings(
            uri,
            timeout,
            reader.computed(
                "redis.request-timeout",
                Group.RARE,
                new DurationType(MILLISECOND, MINUTE.multipliedBy(2), MILLISECOND),
                () -> timeout.multipliedBy(2),
                "twice `redis.timeout`",
                "How long a request waits for Redis altogether, however often, before it is answered with"
                    + " 503. What it saves after its answer has begun has as long again."),
            reader.declared(
                "redis.connect-timeout",
                Group.RARE,
                new DurationType(MILLISECOND, MINUTE, MILLISECOND),
                "2s",
                "How long one attempt to connect to Redis may take."),
            reader.declared(
                "redis.queue",
                Group.RARE,
                new CountType(1, 1_000_000),
                "1000",
                "Commands that may wait for a reply on the connection to Redis."),
            reader.declared(
                "redis.concurrency",
                Group.RARE,
                new CountType(1, 1_000_000),
                "256",
                "Requests that may wait for Redis at the same time; one more is answered with 503 at"
                    + " once."),
            reader.computed(
                CREDENTIALS,
                Group.FREQUENT,
                new FileType("path of a file: `user:password`, or a password"),
                () -> "",
                "those in `redis.uri`",
                "User and password for Redis, read anew at each connect, so that they can change without"
                    + " a restart."),
            reader.computed(
                PROVIDER,
                Group.RARE,
                new ClassNameType(),
                () -> "",
                "none",
                "Class that provides user and password at each connect, a"
                    + " `dev.holdfast.api.CredentialsProvider`."),
            reader.computed(
                "redis.sentinel-auth",
                Group.RARE,
                new SecretType("`password` or `user:password`"),
                () -> "",
                "none",
                "How to log in to the Sentinels themselves; those in `redis.uri` are for the servers they"
                    + " watch."),
            TlsSettings.read(reader),
            reader
                .shared()
                .declared(
                    "durability",
                    Group.FREQUENT,
                    new ChoiceType<>(Durability.class),
                    "none",
                    "What a save waits for: `replica` until a replica has it, so that a failover does not"
                        + " undo it; else 503."),
            reader
                .shared()
                .declared(
                    "durability.writes",
                    Group.RARE,
                    new ChoiceType<>(DurableWrites.class),
                    "login",
                    "Which writes `durability=replica` waits for: logins, logouts and new ids"
                        + " (`login`), or `all`."));
    List<String> unused =
        reader.atMostOne(
            "user and password come from one place, remove the other", CREDENTIALS, PROVIDER);
    return settings;
  }

  /**
   * Names where the keys are, without credentials: two URIs that lead to the same keys give the
   * same text, as far as the URIs alone can tell.
   */
  public String keyspace() {
    return RedisUriSyntax.keyspace(uri);
  }

  /** {@link #uri} without credentials. */
  public String shownUri() {
    return new RedisUriSyntax().format(uri);
  }

  /** Hides the credentials. */
  @Override
  public String toString() {
    return "RedisSettings[uri="
        + shownUri()
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
