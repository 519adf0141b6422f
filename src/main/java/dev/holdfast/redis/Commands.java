package dev.holdfast.redis;

import dev.holdfast.redis.client.Call;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.MapOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The commands that read sessions, and those that read and write the expiry index. Scripts write
 * sessions.
 */
final class Commands {
  private Commands() {}

  static Call<Map<byte[], byte[]>> hgetall(byte[] key, Duration timeout) {
    return Call.of(
        CommandType.HGETALL,
        () -> new MapOutput<>(ByteArrayCodec.INSTANCE),
        Call.args().addKey(key),
        timeout);
  }

  static Call<List<Object>> hmget(byte[] key, List<byte[]> fields, Duration timeout) {
    CommandArgs<byte[], byte[]> args = Call.args().addKey(key);
    fields.forEach(args::add);
    return Call.list(CommandType.HMGET, args, timeout);
  }

  static Call<Long> pttl(byte[] key, Duration timeout) {
    return Call.number(CommandType.PTTL, Call.args().addKey(key), timeout);
  }

  /**
   * Answers {@code mark}. By EVAL, because a user of Redis who may run our scripts may not have
   * ECHO.
   *
   * @param key says which server of a Cluster is asked
   */
  static Call<List<Object>> echo(byte[] key, byte[] mark, Duration timeout) {
    return Call.list(
        CommandType.EVAL, Call.args().add("return ARGV[1]").add(1).addKey(key).add(mark), timeout);
  }

  /**
   * Adds members to a sorted set, all with one score.
   *
   * @param onlyNew whether members that are there keep the score they have
   */
  static Call<Long> zadd(
      byte[] key, boolean onlyNew, long score, List<byte[]> members, Duration timeout) {
    CommandArgs<byte[], byte[]> args = Call.args().addKey(key);
    if (onlyNew) {
      args.add("NX");
    }
    members.forEach(member -> args.add(score).add(member));
    return Call.number(CommandType.ZADD, args, timeout);
  }

  /** How many members a sorted set has. */
  static Call<Long> zcard(byte[] key, Duration timeout) {
    return Call.number(CommandType.ZCARD, Call.args().addKey(key), timeout);
  }

  /** The first member of a sorted set whose score is {@code max} at most, if there is one. */
  static Call<List<Object>> firstByScore(byte[] key, long max, Duration timeout) {
    return Call.list(
        CommandType.ZRANGEBYSCORE,
        Call.args().addKey(key).add("-inf").add(max).add("LIMIT").add(0).add(1),
        timeout);
  }

  /**
   * Pairs of a member of a sorted set and its score, a {@code Double}, from that score on.
   *
   * @param skip how many pairs to leave out
   */
  static Call<List<Object>> fromScore(
      byte[] key, double score, long skip, int limit, Duration timeout) {
    return Call.list(
        CommandType.ZRANGEBYSCORE,
        Call.args()
            .addKey(key)
            .add(score)
            .add("+inf")
            .add("WITHSCORES")
            .add("LIMIT")
            .add(skip)
            .add(limit),
        timeout);
  }
}
