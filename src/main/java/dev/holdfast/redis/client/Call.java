package dev.holdfast.redis.client;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One command and the future of its reply. It may be sent more than once: to the server that a
 * Cluster's redirect names, or by its text when Redis has forgotten a script. It is never sent
 * again after an attempt that may have been executed. Its time limit holds for all attempts
 * together.
 *
 * <p>The outcome of every attempt is judged here, on the event loop of its connection: the call
 * sends a forgotten script again, follows a redirect, and gives up a connection to the wrong
 * server. Only then does the caller hear of it.
 */
public final class Call<T> {
  private static final int MAX_REDIRECTS = 5;

  private final Words words;
  private final @Nullable Words byText;
  private final Supplier<CommandOutput<byte[], byte[], T>> output;
  private final long deadline;
  private final CompletableFuture<T> reply = new CompletableFuture<>();
  private final boolean tellsTime;

  /** Whether only a server that serves the call's key answers it with anything but an error. */
  private final boolean needsKey;

  /** Changed only on the thread that ends an attempt, one attempt after the other. */
  private int redirects;

  private boolean forgotten;
  private final AtomicInteger travels = new AtomicInteger();

  /** The connection it was last sent on; set before {@link #attempt}. */
  private volatile @Nullable Link link;

  private volatile @Nullable Attempt<T> attempt;

  /** A command and its arguments, made for the server that will execute it. */
  public record Words(
      ProtocolKeyword type, Function<RedisClock, CommandArgs<byte[], byte[]>> args) {}

  private Call(
      Words words,
      @Nullable Words byText,
      Supplier<CommandOutput<byte[], byte[], T>> output,
      boolean tellsTime,
      boolean needsKey,
      Duration timeout) {
    this.words = words;
    this.byText = byText;
    this.output = output;
    this.tellsTime = tellsTime;
    this.needsKey = needsKey;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /** A command about a key. */
  public static <T> Call<T> of(
      ProtocolKeyword type,
      Supplier<CommandOutput<byte[], byte[], T>> output,
      CommandArgs<byte[], byte[]> args,
      Duration timeout) {
    return new Call<>(new Words(type, clock -> args), null, output, false, true, timeout);
  }

  /** A script: its reply is a list that begins with Redis's time in milliseconds. */
  public static Call<List<Object>> script(Words byName, Words byText, Duration timeout) {
    return new Call<>(
        byName,
        byText,
        () -> new NestedMultiOutput<>(ByteArrayCodec.INSTANCE),
        true,
        true,
        timeout);
  }

  public static Call<List<Object>> time(Duration timeout) {
    return new Call<>(
        new Words(CommandType.TIME, clock -> args()),
        null,
        () -> new NestedMultiOutput<>(ByteArrayCodec.INSTANCE),
        false,
        false,
        timeout);
  }

  /**
   * Has Redis tell of the next change of what the next command of the same packet reads, if that
   * goes to a {@link Link} that {@linkplain Link#isTracking() tracks}.
   */
  public static Call<String> optIn(Duration timeout) {
    return status(CommandType.CLIENT, args().add("CACHING").add("YES"), timeout);
  }

  /** A command that answers a number. */
  public static Call<Long> number(
      ProtocolKeyword type, CommandArgs<byte[], byte[]> args, Duration timeout) {
    return of(type, OneNumber::new, args, timeout);
  }

  /** A command that answers a list, of {@code byte[]}, {@code Long} and lists. */
  public static Call<List<Object>> list(
      ProtocolKeyword type, CommandArgs<byte[], byte[]> args, Duration timeout) {
    return of(type, () -> new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args, timeout);
  }

  /** A command that answers {@code OK} or another word. */
  public static Call<String> status(
      ProtocolKeyword type, CommandArgs<byte[], byte[]> args, Duration timeout) {
    return new Call<>(
        new Words(type, clock -> args),
        null,
        () -> new StatusOutput<>(ByteArrayCodec.INSTANCE),
        false,
        false,
        timeout);
  }

  public static CommandArgs<byte[], byte[]> args() {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE);
  }

  /**
   * Sends {@code calls} as one packet; each completes on its own, on this thread or the event loop.
   */
  public static void send(Link link, List<? extends Call<?>> calls) {
    List<Attempt<?>> attempts = new ArrayList<>(calls.size());
    for (Call<?> call : calls) {
      attempts.add(call.attempt(link));
    }
    link.write(attempts);
  }

  /** Completed on an I/O thread: whoever attaches to it must not block. */
  public CompletableFuture<T> reply() {
    return reply;
  }

  /** What is left of its time. */
  private long nanosLeft() {
    return deadline - System.nanoTime();
  }

  /** The connection it was last sent on; it must have been sent. */
  public Link link() {
    Link last = link;
    if (last == null) {
      throw new IllegalStateException("not sent yet");
    }
    return last;
  }

  /** How often it was sent. */
  public int travels() {
    return travels.get();
  }

  /** Cancels the call, for which nobody waits any more: what has not been sent is not sent. */
  void cancel() {
    reply.cancel(false);
    Attempt<T> last = attempt;
    if (last != null) {
      last.cancel();
    }
  }

  /** As {@link #cancel}, for a caller whose time is over: also gives up a server that is silent. */
  void giveUp() {
    cancel();
    Link last = link;
    if (last != null) {
      last.giveUpIfSilent();
    }
  }

  /** Completes the call with a failure. */
  void fail(Throwable failure) {
    reply.completeExceptionally(failure);
  }

  /** The command of the next attempt, to be sent on {@code on}. */
  private Attempt<T> attempt(Link on) {
    Words chosen = forgotten && byText != null ? byText : words;
    Attempt<T> next =
        new Attempt<>(
            new Command<>(chosen.type(), output.get(), chosen.args().apply(on.clock())), deadline);
    link = on;
    attempt = next;
    int unused = travels.incrementAndGet();
    if (reply.isDone()) {
      next.cancel();
    }
    next.onComplete((answer, failure) -> settle(on, next, answer, failure));
    return next;
  }

  private void settle(Link from, Attempt<T> ended, T answer, Throwable failure) {
    if (failure == null) {
      from.findOwnLoop();
      from.heard();
      if (needsKey) {
        from.proven(ended.sent());
      }
      answered(from, ended, answer);
      return;
    }
    if (failure instanceof RedisCommandExecutionException) {
      from.heard();
      if (failure instanceof RedisNoScriptException && mayGoByText()) {
        send(from, List.of(this));
        return;
      }
      Redirect redirect = Redirect.of(failure);
      if (redirect != null && mayFollow()) {
        follow(redirect, from);
        return;
      }
      if (Faults.isWrongServer(failure)) {
        from.abandon();
      }
      if (Faults.isMisplaced(failure)) {
        from.suspect();
      }
    } else if (failure instanceof UnsupportedOperationException) {
      // Lettuce's outputs throw this for a reply of a kind that the command does not have.
      from.abandon();
      fail(new MixedUpException(failure));
      return;
    } else {
      from.giveUpIfSilent();
      from.suspect();
    }
    fail(failure);
  }

  /** Takes Redis's answer: first sets the clock, then completes the reply. */
  private void answered(Link from, Attempt<T> ended, T answer) {
    try {
      if (tellsTime) {
        from.clock().observe((Long) ((List<?>) answer).get(0), ended.sent());
      }
      reply.complete(answer);
    } catch (ClassCastException | IndexOutOfBoundsException e) {
      from.abandon();
      fail(new MixedUpException(e));
    }
  }

  private void follow(Redirect redirect, Link from) {
    var unused =
        from.follow(redirect)
            .whenComplete(
                (target, failure) -> {
                  if (failure != null) {
                    fail(Faults.unwrap(failure));
                  } else if (redirect.ask()) {
                    sendAsking(target);
                  } else {
                    send(target, List.of(this));
                  }
                });
  }

  /**
   * Sends the call to a server that is taking over its slot and accepts it only after an ASKING.
   */
  private void sendAsking(Link target) {
    Duration left = Duration.ofNanos(Math.max(1, nanosLeft()));
    send(target, List.of(status(CommandType.ASKING, args(), left), this));
  }

  /** Whether one more redirect may be followed; counts it. */
  private boolean mayFollow() {
    return redirects++ < MAX_REDIRECTS && nanosLeft() > 0;
  }

  /** Whether the script can be sent once more, by its text; if so, the next attempt does that. */
  private boolean mayGoByText() {
    if (byText == null || forgotten) {
      return false;
    }
    forgotten = true;
    return true;
  }

  /** Refuses a list; Lettuce's own output takes the last number of a list for the answer. */
  private static final class OneNumber extends IntegerOutput<byte[], byte[]> {
    private OneNumber() {
      super(ByteArrayCodec.INSTANCE);
    }

    @Override
    public void multi(int count) {
      throw new UnsupportedOperationException("a list in place of a number");
    }
  }
}
