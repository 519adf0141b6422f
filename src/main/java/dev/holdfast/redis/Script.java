package dev.holdfast.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A Lua script of one key. Without a shebang, which Redis 6.2 refuses. */
final class Script {
  static final Script CREATE = new Script("create");
  static final Script SAVE = new Script("save");
  static final Script TOUCH = new Script("touch");
  static final Script DESTROY = new Script("destroy");
  static final List<Script> ALL = List.of(CREATE, SAVE, TOUCH, DESTROY);

  private final byte[] source;
  private final byte[] sha1;

  private Script(String name) {
    source = concat(resource("common"), resource(name));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
      sha1 = HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is missing, which every Java platform must have", e);
    }
  }

  /** Makes the script known to Redis. */
  Call<String> load(Duration timeout) {
    CommandArgs<byte[], byte[]> args =
        new CommandArgs<>(ByteArrayCodec.INSTANCE).add("LOAD").add(source);
    return new Call<>(
        CommandType.SCRIPT, new StatusOutput<>(ByteArrayCodec.INSTANCE), args, timeout);
  }

  /** Runs it by name; fails with RedisNoScriptException when Redis has forgotten it. */
  Call<List<Object>> evalsha(byte[] key, List<byte[]> argv, Duration timeout) {
    return call(CommandType.EVALSHA, sha1, key, argv, timeout);
  }

  /** Runs it by text, after which Redis knows it again. */
  Call<List<Object>> eval(byte[] key, List<byte[]> argv, Duration timeout) {
    return call(CommandType.EVAL, source, key, argv, timeout);
  }

  private static Call<List<Object>> call(
      CommandType type, byte[] script, byte[] key, List<byte[]> argv, Duration timeout) {
    CommandArgs<byte[], byte[]> args =
        new CommandArgs<>(ByteArrayCodec.INSTANCE).add(script).add(1).addKey(key);
    argv.forEach(args::add);
    return new Call<>(type, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args, timeout);
  }

  private static byte[] resource(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks the script " + name + ".lua");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
