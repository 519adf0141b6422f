package dev.holdfast.redis;

import dev.holdfast.redis.client.Call;
import dev.holdfast.redis.client.Call.Words;
import dev.holdfast.redis.client.RedisClock;
import dev.holdfast.redis.client.Turn;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Lua script that takes one key. It has no shebang, because Redis 6.2 refuses one. */
final class Script {
  static final Script CREATE = new Script("create");
  static final Script SAVE = new Script("save", "line");
  static final Script TOUCH = new Script("touch", "opens");
  static final Script DESTROY = new Script("destroy");
  static final Script LAPSE = new Script("lapse");
  static final Script SNAPSHOT = new Script("snapshot");
  static final Script RESTORE = new Script("restore");
  static final Script WARM_UP = new Script("warmup");
  static final Script USERS = new Script("users");
  static final Script REWRITE = new Script("rewrite");
  static final Script SWEEP = new Script("sweep");
  static final Script LOCK = new Script("lock", "line", "opens");
  static final Script TAKEOVER = new Script("takeover");

  /** What requests run in every application, and the sweep. */
  private static final List<Script> LOADED = List.of(CREATE, SAVE, TOUCH, DESTROY, USERS, SWEEP);

  private final byte[] source;
  private final byte[] sha1;

  /**
   * @param parts names of resources that stand between those of all scripts and its own
   */
  private Script(String name, String... parts) {
    byte[] head = resource("common");
    for (String part : parts) {
      head = concat(head, resource(part));
    }
    source = concat(head, resource(name));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(source);
      sha1 = HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is missing, which every Java platform must have", e);
    }
  }

  /** Makes scripts known to a server before it is asked for anything. */
  static List<Call<?>> load(Duration timeout) {
    List<Call<?>> calls = new ArrayList<>();
    for (Script script : LOADED) {
      CommandArgs<byte[], byte[]> args = Call.args().add("LOAD").add(script.source);
      calls.add(Call.status(CommandType.SCRIPT, args, timeout));
    }
    return calls;
  }

  /**
   * Runs it by name, or by its text if Redis has forgotten it; after that, Redis knows it again.
   */
  Call<List<Object>> call(byte[] key, List<byte[]> argv, Duration timeout) {
    return Call.script(
        new Words(CommandType.EVALSHA, clock -> args(sha1, key, argv)),
        new Words(CommandType.EVAL, clock -> args(source, key, argv)),
        timeout);
  }

  /**
   * As {@link #call}, with one more argument in front of {@code argv}: until when the script may be
   * executed, in milliseconds of the clock of the server that it is sent to.
   */
  Call<List<Object>> callNotAfter(byte[] key, List<byte[]> argv, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    return Call.script(
        new Words(CommandType.EVALSHA, clock -> args(sha1, key, dated(argv, clock, deadline))),
        new Words(CommandType.EVAL, clock -> args(source, key, dated(argv, clock, deadline))),
        timeout);
  }

  /** Runs it in a turn and waits for it. */
  List<Object> run(Turn turn, byte[] key, List<byte[]> argv) {
    return turn.ask(key, call(key, argv, turn.left()));
  }

  private static List<byte[]> dated(List<byte[]> argv, RedisClock clock, long deadline) {
    long left = TimeUnit.NANOSECONDS.toMillis(Math.max(0, deadline - System.nanoTime()));
    List<byte[]> dated = new ArrayList<>(argv.size() + 1);
    dated.add(Arguments.number(clock.now() + Math.max(1, left)));
    dated.addAll(argv);
    return dated;
  }

  private static CommandArgs<byte[], byte[]> args(byte[] script, byte[] key, List<byte[]> argv) {
    CommandArgs<byte[], byte[]> args = Call.args().add(script).add(1).addKey(key);
    argv.forEach(args::add);
    return args;
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
