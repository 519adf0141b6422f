package dev.holdfast.demo;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a session from Redis as anybody with access to it could, but only for the holder of its
 * cookie. Asks no more than the user of {@code docker/users.acl} may: what Redis refuses is a line
 * in its log.
 */
final class SessionReader implements AutoCloseable {
  /** The key of a session of the web application at the root, before its locator. */
  private static final String KEY = "holdfast:root:";

  private static final byte[] SECRET_HASH = "m:h".getBytes(StandardCharsets.UTF_8);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A user and a password in a URI, not only a password. */
  private static final Pattern NAMED_USER = Pattern.compile("//[^/@:]+:[^/@]*@");

  private final @Nullable RedisClient client;
  private final boolean hasAllRights;

  /** What is wrong with {@code uri}, the library says better: here nothing answers at it. */
  SessionReader(String uri) {
    client = client(uri);
    hasAllRights = !NAMED_USER.matcher(uri).find();
  }

  private static @Nullable RedisClient client(String uri) {
    RedisURI parsed;
    try {
      parsed = RedisURI.create(uri);
    } catch (IllegalArgumentException e) {
      return null;
    }
    parsed.setTimeout(PATIENCE);
    parsed.setLibraryName("");
    parsed.setLibraryVersion("");
    RedisClient client = RedisClient.create(parsed);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).build())
            .build());
    return client;
  }

  private StatefulRedisConnection<byte[], byte[]> connect() {
    if (client == null) {
      throw new RedisException("There is no valid address of a Redis");
    }
    return client.connect(ByteArrayCodec.INSTANCE);
  }

  /**
   * A session as Redis holds it.
   *
   * @param ttlMillis negative: none
   * @param memory bytes by MEMORY USAGE, or null when Redis does not say or may not be asked
   */
  record Stored(String key, Map<String, byte[]> fields, long ttlMillis, @Nullable Long memory) {}

  static String key(Token token) {
    return KEY + "{" + token.locator() + "}";
  }

  /**
   * The session that {@code token} opens, or null when it opens none.
   *
   * @throws RedisException when Redis does not answer
   */
  @Nullable Stored read(Token token) {
    byte[] key = key(token).getBytes(StandardCharsets.UTF_8);
    try (StatefulRedisConnection<byte[], byte[]> connection = connect()) {
      RedisCommands<byte[], byte[]> redis = connection.sync();
      if (!token.opens(redis.hget(key, SECRET_HASH))) {
        return null;
      }
      Map<String, byte[]> fields = new TreeMap<>(SessionReader::attributesFirst);
      redis
          .hgetall(key)
          .forEach((name, value) -> fields.put(new String(name, StandardCharsets.UTF_8), value));
      return new Stored(key(token), fields, redis.pttl(key), memory(redis, key));
    }
  }

  /** Whether Redis answers at all. */
  boolean answers() {
    try (StatefulRedisConnection<byte[], byte[]> connection = connect()) {
      return !connection.sync().time().isEmpty();
    } catch (RedisException e) {
      return false;
    }
  }

  private @Nullable Long memory(RedisCommands<byte[], byte[]> redis, byte[] key) {
    if (!hasAllRights) {
      return null;
    }
    try {
      return redis.memoryUsage(key);
    } catch (RedisException e) {
      return null;
    }
  }

  /** Every attribute with the stamp of its write behind it, then the metadata. */
  private static int attributesFirst(String left, String right) {
    int kinds = Boolean.compare(left.startsWith("m:"), right.startsWith("m:"));
    if (kinds != 0) {
      return kinds;
    }
    int names =
        left.substring(left.indexOf(':') + 1).compareTo(right.substring(right.indexOf(':') + 1));
    return names != 0 ? names : left.compareTo(right);
  }

  @Override
  public void close() {
    if (client != null) {
      client.shutdown();
    }
  }
}
