package dev.holdfast.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.MapOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One command and the future of its reply, given up after a time of its own. */
final class Call<T> extends AsyncCommand<byte[], byte[], T> {
  private final long timeoutMillis;

  Call(
      CommandType type,
      CommandOutput<byte[], byte[], T> output,
      CommandArgs<byte[], byte[]> args,
      Duration timeout) {
    super(new Command<>(type, output, args));
    this.timeoutMillis = Math.max(1, timeout.toMillis());
  }

  long timeoutMillis() {
    return timeoutMillis;
  }

  static Call<Map<byte[], byte[]>> hgetall(byte[] key, Duration timeout) {
    return new Call<>(
        CommandType.HGETALL, new MapOutput<>(ByteArrayCodec.INSTANCE), args().addKey(key), timeout);
  }

  static Call<List<Object>> hmget(byte[] key, List<byte[]> fields, Duration timeout) {
    CommandArgs<byte[], byte[]> args = args().addKey(key);
    fields.forEach(args::add);
    return new Call<>(
        CommandType.HMGET, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args, timeout);
  }

  static Call<Long> pttl(byte[] key, Duration timeout) {
    return new Call<>(
        CommandType.PTTL,
        new IntegerOutput<>(ByteArrayCodec.INSTANCE),
        args().addKey(key),
        timeout);
  }

  static Call<List<Object>> time(Duration timeout) {
    return new Call<>(
        CommandType.TIME, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args(), timeout);
  }

  private static CommandArgs<byte[], byte[]> args() {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
