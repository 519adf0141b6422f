package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Measurements;
import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.InspectedServer;
import dev.holdfast.redis.client.InspectionAnswer;
import dev.holdfast.redis.client.Redis;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Asks the servers of Redis what they are and what the user of the settings may do there. It
 * changes nothing: what would write is asked in a form that Redis refuses after it has looked at
 * the user's rights, or about a key that is not there. Loads no scripts when it connects, so that
 * it also connects as a user who may not.
 */
public final class RedisInspection implements AutoCloseable {
  private final Redis redis;
  private final String prefix;

  /** A key of the application that no session has. */
  private final String key;

  /** With the settings of one application; nothing is connected yet. */
  public RedisInspection(Settings application, ClassLoader loader) {
    this.redis = new Redis(application, loader, limit -> List.of(), null, new Measurements());
    this.prefix = application.prefix() + ":" + application.app() + ":";
    this.key = prefix + "{doctor-" + UUID.randomUUID() + "}";
  }

  /** A command that is needed, and whether the user may use it as the store does. */
  public record Right(String command, InspectionAnswer answer) {
    /** Redis checks the rights before it looks at the arguments. */
    public boolean isMissing() {
      return answer.isForbidden() || answer.isUnknown();
    }
  }

  /**
   * The servers that have keys, each connected.
   *
   * @throws SessionStoreUnavailableException when one of them cannot be reached
   */
  public List<InspectedServer> servers() {
    return redis.inspected();
  }

  /** Loads every script into a server and runs one that reads only. */
  public List<InspectionAnswer> runScripts(InspectedServer server) {
    List<InspectionAnswer> answers = new ArrayList<>();
    for (Call<?> load : Script.load(redis.timeout())) {
      answers.add(server.ask(load));
    }
    List<byte[]> nobody = List.of(new byte[0], Arguments.number(0));
    answers.add(server.ask(Script.TOUCH.call(ascii(key), nobody, redis.timeout())));
    return answers;
  }

  /**
   * What the user may do with the application's keys and channel.
   *
   * @param durable whether replicas are waited for
   * @param cluster whether it is a Cluster
   */
  public List<Right> rights(InspectedServer server, boolean durable, boolean cluster) {
    String channel = prefix + "ended";
    List<Right> rights = new ArrayList<>();
    Stream.of(
            List.of("HGETALL", key),
            List.of("HGET", key, "m:h"),
            List.of("HMGET", key, "m:h"),
            // With a field and no value behind it: refused whoever asks, if not for the rights.
            List.of("HSET", key, "m:h", "", "m:v"),
            List.of("HDEL", key, "m:h"),
            List.of("DEL", key),
            List.of("EXISTS", key),
            List.of("PEXPIREAT", key, "1"),
            List.of("PTTL", key),
            List.of("TIME"),
            List.of("ZADD", key, "XX", "1", "-"),
            List.of("ZREM", key, "-"),
            List.of("ZSCORE", key, "-"),
            List.of("ZCARD", key),
            List.of("ZRANGE", key, "0", "0"),
            List.of("ZRANGEBYSCORE", key, "1", "1"),
            List.of("EVAL", "return 1", "1", key),
            // Nodes ignore a message without a locator.
            List.of("PUBLISH", channel, ""))
        .forEach(words -> rights.add(right(server, words)));
    rights.add(new Right("SUBSCRIBE", server.subscribe(channel)));
    if (durable) {
      rights.add(right(server, List.of("WAIT", "0", "1")));
    }
    if (cluster) {
      rights.add(right(server, List.of("ASKING")));
    }
    return rights;
  }

  /**
   * What the user may do and does not need. All of it is harmless when it runs as well, and does
   * not rely on a refusal: a proxy, or a server that is not quite Redis, may take what Redis would
   * refuse. A user with few rights leaves a line for each in Redis's ACL LOG.
   */
  public List<Right> excess(InspectedServer server) {
    return Stream.of(
            List.of("CONFIG", "GET", "holdfast-doctor"),
            // Stands for everything in @dangerous, of which nothing else would be harmless.
            List.of("SLOWLOG", "LEN"),
            List.of("SCAN", "0", "COUNT", "1"),
            List.of("EXISTS", "holdfast-doctor-outside"),
            List.of("PUBLISH", "holdfast-doctor-outside", ""))
        .map(words -> right(server, words))
        .filter(right -> !right.isMissing())
        .toList();
  }

  private static Right right(InspectedServer server, List<String> words) {
    InspectionAnswer answer = server.ask(words.toArray(String[]::new));
    boolean outside = words.size() > 1 && words.get(1).equals("holdfast-doctor-outside");
    String name =
        outside
            ? words.get(0).equals("EXISTS") ? "any key" : "any channel"
            : switch (words.get(0)) {
              case "CONFIG", "SLOWLOG" -> words.get(0) + " " + words.get(1);
              default -> words.get(0);
            };
    return new Right(name, answer);
  }

  @Override
  public void close() {
    redis.close();
  }
}
