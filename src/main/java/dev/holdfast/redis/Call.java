package dev.holdfast.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.MapOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One command and the future of its reply. It is sent by {@link Link#send} and may travel more than
 * once: to the server that a Cluster's redirect names, or by its text when Redis has forgotten a
 * script. Never after an attempt that may have been executed. The time it was made with holds for
 * all attempts together.
 */
final class Call<T> {
  private static final int MAX_REDIRECTS = 5;

  private final Words words;
  private final @Nullable Words byText;
  private final Supplier<CommandOutput<byte[], byte[], T>> output;
  private final long deadline;
  private final CompletableFuture<T> reply = new CompletableFuture<>();
  private final boolean tellsTime;

  /** Only the attempt's thread changes these, one attempt after the other. */
  private int redirects;

  private boolean forgotten;
  private final AtomicInteger travels = new AtomicInteger();
  private volatile @Nullable Attempt<T> attempt;

  /** A command and its arguments, made for the server that will execute it. */
  record Words(ProtocolKeyword type, Function<RedisClock, CommandArgs<byte[], byte[]>> args) {}

  private Call(
      Words words,
      @Nullable Words byText,
      Supplier<CommandOutput<byte[], byte[], T>> output,
      boolean tellsTime,
      Duration timeout) {
    this.words = words;
    this.byText = byText;
    this.output = output;
    this.tellsTime = tellsTime;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /** Any command but a script. */
  static <T> Call<T> of(
      ProtocolKeyword type,
      Supplier<CommandOutput<byte[], byte[], T>> output,
      CommandArgs<byte[], byte[]> args,
      Duration timeout) {
    return new Call<>(new Words(type, clock -> args), null, output, false, timeout);
  }

  /** A script: its reply is a list that begins with Redis's time in milliseconds. */
  static Call<List<Object>> script(Words byName, Words byText, Duration timeout) {
    return new Call<>(
        byName, byText, () -> new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), true, timeout);
  }

  static Call<Map<byte[], byte[]>> hgetall(byte[] key, Duration timeout) {
    return of(
        CommandType.HGETALL,
        () -> new MapOutput<>(ByteArrayCodec.INSTANCE),
        args().addKey(key),
        timeout);
  }

  static Call<List<Object>> hmget(byte[] key, List<byte[]> fields, Duration timeout) {
    CommandArgs<byte[], byte[]> args = args().addKey(key);
    fields.forEach(args::add);
    return list(CommandType.HMGET, args, timeout);
  }

  static Call<Long> pttl(byte[] key, Duration timeout) {
    return number(CommandType.PTTL, args().addKey(key), timeout);
  }

  /**
   * Adds members to a sorted set, all with one score.
   *
   * @param onlyNew leaves those that are there with the score they have
   */
  static Call<Long> zadd(
      byte[] key, boolean onlyNew, long score, List<byte[]> members, Duration timeout) {
    CommandArgs<byte[], byte[]> args = args().addKey(key);
    if (onlyNew) {
      args.add("NX");
    }
    members.forEach(member -> args.add(score).add(member));
    return number(CommandType.ZADD, args, timeout);
  }

  /** The first member of a sorted set whose score is {@code max} at most, if there is one. */
  static Call<List<Object>> firstByScore(byte[] key, long max, Duration timeout) {
    return list(
        CommandType.ZRANGEBYSCORE,
        args().addKey(key).add("-inf").add(max).add("LIMIT").add(0).add(1),
        timeout);
  }

  /**
   * Pairs of a member of a sorted set and its score, a {@code Double}, from that score on.
   *
   * @param skip how many of them are left out
   */
  static Call<List<Object>> fromScore(
      byte[] key, double score, long skip, int limit, Duration timeout) {
    return list(
        CommandType.ZRANGEBYSCORE,
        args()
            .addKey(key)
            .add(score)
            .add("+inf")
            .add("WITHSCORES")
            .add("LIMIT")
            .add(skip)
            .add(limit),
        timeout);
  }

  static Call<List<Object>> time(Duration timeout) {
    return list(CommandType.TIME, args(), timeout);
  }

  /** Goes before a command that a server is asked although the slot is not its own yet. */
  static Call<String> asking(Duration timeout) {
    return status(CommandType.ASKING, args(), timeout);
  }

  /** A command that answers a number. */
  static Call<Long> number(
      ProtocolKeyword type, CommandArgs<byte[], byte[]> args, Duration timeout) {
    return of(type, OneNumber::new, args, timeout);
  }

  /** A command that answers a list, of {@code byte[]}, {@code Long} and lists. */
  static Call<List<Object>> list(
      ProtocolKeyword type, CommandArgs<byte[], byte[]> args, Duration timeout) {
    return of(type, () -> new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args, timeout);
  }

  /** A command that answers {@code OK} or another word. */
  static Call<String> status(
      ProtocolKeyword type, CommandArgs<byte[], byte[]> args, Duration timeout) {
    return of(type, () -> new StatusOutput<>(ByteArrayCodec.INSTANCE), args, timeout);
  }

  static CommandArgs<byte[], byte[]> args() {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE);
  }

  /** Completed on an I/O thread: whoever attaches to it must not block. */
  CompletableFuture<T> reply() {
    return reply;
  }

  /** What is left of its time. */
  long nanosLeft() {
    return deadline - System.nanoTime();
  }

  /** The connection it was last sent on; it must have been sent. */
  Link link() {
    Attempt<T> last = attempt;
    if (last == null) {
      throw new IllegalStateException("not sent yet");
    }
    return last.link;
  }

  /** How often it was sent. */
  int travels() {
    return travels.get();
  }

  /** Nobody waits any more: what has not left this machine stays here. */
  void cancel() {
    reply.cancel(false);
    Attempt<T> last = attempt;
    if (last != null) {
      last.cancel();
    }
  }

  /** As {@link #cancel}, for a caller whose time is over: a server that is silent is given up. */
  void giveUp() {
    cancel();
    Attempt<T> last = attempt;
    if (last != null) {
      last.link.giveUpIfSilent();
    }
  }

  /** It could not be sent, or Redis did not do it. */
  void fail(Throwable failure) {
    reply.completeExceptionally(failure);
  }

  /** A fresh command to be sent on {@code link}. */
  Attempt<T> attempt(Link link) {
    Words chosen = forgotten && byText != null ? byText : words;
    Attempt<T> next =
        new Attempt<>(
            this,
            link,
            new Command<>(chosen.type(), output.get(), chosen.args().apply(link.clock())));
    attempt = next;
    int unused = travels.incrementAndGet();
    if (reply.isDone()) {
      next.cancel();
    }
    return next;
  }

  /** Whether one more redirect may be followed, which is counted. */
  boolean mayFollow() {
    return redirects++ < MAX_REDIRECTS && nanosLeft() > 0;
  }

  /** Whether the script can be sent once more by its text, which the next attempt does. */
  boolean mayGoByText() {
    if (byText == null || forgotten) {
      return false;
    }
    forgotten = true;
    return true;
  }

  /** Lettuce's own takes the last number of a list for the answer. */
  private static final class OneNumber extends IntegerOutput<byte[], byte[]> {
    private OneNumber() {
      super(ByteArrayCodec.INSTANCE);
    }

    @Override
    public void multi(int count) {
      throw new UnsupportedOperationException("a list in place of a number");
    }
  }

  /** One travel of a call. Lettuce gives it up when the call's time is over. */
  static final class Attempt<T> extends AsyncCommand<byte[], byte[], T> {
    private final Call<T> call;
    private final Link link;
    private final long sent = System.nanoTime();

    private Attempt(Call<T> call, Link link, Command<byte[], byte[], T> command) {
      super(command);
      this.call = call;
      this.link = link;
    }

    long timeoutMillis() {
      return Math.max(1, TimeUnit.NANOSECONDS.toMillis(call.nanosLeft()));
    }

    Call<T> call() {
      return call;
    }

    /** Redis has answered: first the clock is set, then whoever waits goes on. */
    void answered(T answer) {
      if (call.tellsTime) {
        link.clock().observe((Long) ((List<?>) answer).get(0), sent);
      }
      call.reply.complete(answer);
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
}
