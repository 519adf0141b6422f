package dev.holdfast.redis.testing;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Redis that answers at an address, whoever runs it: {@link RedisServer} is a process of the
 * test's own, {@link ExternalRedis} somebody else's, {@link RedisContainer} one in Docker.
 */
public abstract class RunningRedis implements AutoCloseable {
  private static final int ADMIN_TIMEOUT_MILLIS = 5_000;
  private static @Nullable RunningRedis shared;

  private @Nullable RespSocket admin;

  /**
   * One Redis for all tests of this JVM, which ends with it; do not close it. The variable {@code
   * HOLDFAST_TEST_REDIS} decides which: a URI names one that is there and that the tests may
   * <em>empty</em>; {@code testcontainers} starts one in Docker; without it, or when no Docker
   * engine answers, it is a process.
   */
  public static synchronized RunningRedis shared() {
    if (shared == null) {
      RunningRedis chosen = choose(System.getenv("HOLDFAST_TEST_REDIS"));
      Runtime.getRuntime().addShutdownHook(new Thread(chosen::close));
      shared = chosen;
    }
    return shared;
  }

  /** What it has refused the minimal user since this was asked last; nothing if it never began. */
  static synchronized List<String> refusalsOfShared() {
    if (shared == null) {
      return List.of();
    }
    List<String> refusals = MinimalUser.refusals(shared);
    shared.command("ACL", "LOG", "RESET");
    return refusals;
  }

  /** As {@link #shared}, for one value of the variable. */
  public static RunningRedis choose(@Nullable String wanted) {
    if (wanted == null || wanted.isBlank()) {
      return RedisServer.start();
    }
    if (wanted.equals("testcontainers")) {
      return RedisContainer.isPossible() ? RedisContainer.start() : RedisServer.start();
    }
    return new ExternalRedis(wanted);
  }

  /** A name or address. */
  public abstract String host();

  /** The port it listens on. */
  public abstract int port();

  /** {@code user:password}, {@code :password}, or null when none are asked for. */
  abstract @Nullable String credentials();

  /** For {@code redis.uri}; carries the credentials. */
  public String uri() {
    String credentials = credentials();
    return "redis://" + (credentials == null ? "" : credentials + "@") + host() + ":" + port();
  }

  /** Such as {@code 7.0.15}. */
  public String version() {
    return info("server", "redis_version");
  }

  /** One line of {@code INFO section}. */
  public String info(String section, String name) {
    return text(command("INFO", section))
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .findFirst()
        .map(line -> line.substring(name.length() + 1))
        .orElseThrow(() -> new AssertionError("INFO " + section + " has no " + name));
  }

  /** How many connections listen to this channel. */
  public long subscribers(String channel) {
    return (Long)
        requireNonNull(((List<?>) requireNonNull(command("PUBSUB", "NUMSUB", channel))).get(1));
  }

  /** How often this command was called since the start, by clients and by their scripts. */
  public long calls(String name) {
    String stat = "cmdstat_" + name + ":calls=";
    return text(command("INFO", "commandstats"))
        .lines()
        .filter(line -> line.startsWith(stat))
        .mapToLong(line -> Long.parseLong(line.substring(stat.length(), line.indexOf(','))))
        .sum();
  }

  /**
   * Sends one command on an own connection that {@link RedisMonitor} leaves out. Words are {@code
   * byte[]} or anything with a text.
   *
   * @return {@code byte[]}, {@code String} (a status), {@code Long}, {@code List} or null
   * @throws IllegalStateException with Redis's own words when it answers an error
   */
  public synchronized @Nullable Object command(Object... words) {
    try {
      return admin().command(words);
    } catch (RespSocket.ErrorReply e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (IOException e) {
      closeAdmin();
      throw new UncheckedIOException(e);
    }
  }

  /** Returns in another millisecond of Redis's clock: what is filed by it from then on is later. */
  public void awaitNextMillisecond() {
    long began = milliseconds();
    while (milliseconds() == began) {
      Thread.onSpinWait();
    }
  }

  private long milliseconds() {
    List<?> time = (List<?>) requireNonNull(command("TIME"));
    return Long.parseLong(text(time.get(0))) * 1000 + Long.parseLong(text(time.get(1))) / 1000;
  }

  /** All keys, sorted. */
  public List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Object key : (List<?>) requireNonNull(command("KEYS", "*"))) {
      keys.add(text(key));
    }
    keys.sort(null);
    return keys;
  }

  /** The fields of one hash. */
  public Map<String, byte[]> hash(String key) {
    Map<String, byte[]> hash = new TreeMap<>();
    List<?> flat = (List<?>) requireNonNull(command("HGETALL", key));
    for (int i = 0; i < flat.size(); i += 2) {
      hash.put(text(flat.get(i)), (byte[]) flat.get(i + 1));
    }
    return hash;
  }

  /** Bytes that {@code MEMORY USAGE} says. */
  public long memoryUsage(String key) {
    Object bytes = command("MEMORY", "USAGE", key, "SAMPLES", 0);
    return bytes == null ? 0 : (Long) bytes;
  }

  /** Removes all keys. */
  public void flush() {
    command("FLUSHALL");
  }

  /** Ends what the test has started. */
  @Override
  public void close() {
    closeAdmin();
  }

  /** Whether a monitored client, as {@code host:port}, is this class's own. */
  synchronized boolean isAdmin(String client) {
    return admin != null && client.endsWith(":" + admin.localPort());
  }

  RespSocket connect() throws IOException {
    RespSocket socket = new RespSocket(host(), port(), ADMIN_TIMEOUT_MILLIS);
    String credentials = credentials();
    if (credentials != null) {
      int colon = credentials.indexOf(':');
      String user = colon == 0 ? "default" : credentials.substring(0, colon);
      socket.command("AUTH", user, credentials.substring(colon + 1));
    }
    return socket;
  }

  static String text(@Nullable Object reply) {
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : String.valueOf(reply);
  }

  private RespSocket admin() throws IOException {
    if (admin == null) {
      admin = connect();
    }
    return admin;
  }

  /** Ends the connection of {@link #command}; the next command opens another. */
  final synchronized void closeAdmin() {
    if (admin != null) {
      admin.close();
      admin = null;
    }
  }
}
