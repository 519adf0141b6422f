package dev.holdfast.redis;

import dev.holdfast.redis.Call.Attempt;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One live connection to one server. Commands are handed to its event loop and written there, as
 * one packet: the calling thread runs no Netty code but the hand-over, which leaves nothing of
 * Netty in its thread locals, and no wake-up more than a write from outside costs.
 *
 * <p>The outcome of every command is judged here, on the event loop: a script that Redis has
 * forgotten is sent again by its text, a redirect is followed, a connection to the wrong server is
 * given up. Only then does the caller hear of it.
 */
final class Link {
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final Topology topology;
  private final ServerAddress address;
  private final int lane;
  private final Duration timeout;
  private final RedisClock clock = new RedisClock(0, System.nanoTime());
  private final LettuceClient client;

  /** The connection's own from the first reply on, before that any. */
  private volatile EventLoop loop;

  private volatile boolean onOwnLoop;

  /** When the oldest packet after the last reply was sent, in nanoseconds; 0 when none waits. */
  private final AtomicLong unansweredSince = new AtomicLong();

  /** When a caller was last admitted although Redis is silent, in nanoseconds. */
  private final AtomicLong lastProbe;

  private volatile boolean abandoned;

  private volatile boolean givenUp;

  /**
   * A link whose clock is not set yet.
   *
   * @param client made the connection; one of its loops is the connection's; Lettuce does not tell
   *     which, but replies come on it
   * @param lane an index of {@link Lane}
   */
  Link(
      StatefulRedisConnection<byte[], byte[]> connection,
      LettuceClient client,
      Topology topology,
      ServerAddress address,
      int lane,
      Duration timeout) {
    this.connection = connection;
    this.client = client;
    this.loop = client.loops().iterator().next();
    this.topology = topology;
    this.address = address;
    this.lane = lane;
    this.timeout = timeout;
    this.lastProbe = new AtomicLong(System.nanoTime() - timeout.toNanos() - 1);
  }

  boolean isOpen() {
    return !abandoned && connection.isOpen();
  }

  /** The server's clock. */
  RedisClock clock() {
    return clock;
  }

  ServerAddress address() {
    return address;
  }

  /** Which of the connections to the server it is, an index of {@link Lane}. */
  int lane() {
    return lane;
  }

  /** Whether Redis has not answered for a whole timeout. */
  boolean isSilent() {
    return silentNanos() > timeout.toNanos();
  }

  /**
   * Whether one more caller may wait on it: while it is silent, one in every timeout, to see
   * whether it still is. The others need not wait to learn the same.
   */
  boolean admits() {
    if (!isSilent()) {
      return true;
    }
    long last = lastProbe.get();
    long now = System.nanoTime();
    return now - last > timeout.toNanos() && lastProbe.compareAndSet(last, now);
  }

  /** Whether it was closed because Redis was silent on it. */
  boolean wasSilent() {
    return givenUp;
  }

  /** How things are, for a message. */
  String state() {
    return isSilent()
        ? "connected, but silent for " + TimeUnit.NANOSECONDS.toMillis(silentNanos()) + " ms"
        : "connected";
  }

  private long silentNanos() {
    long since = unansweredSince.get();
    return since == 0 ? 0 : System.nanoTime() - since;
  }

  /** Sends {@code calls} as one packet; each completes in its own time, here or on the loop. */
  void send(List<? extends Call<?>> calls) {
    List<Attempt<?>> attempts = new ArrayList<>(calls.size());
    calls.forEach(call -> attempts.add(attempt(call)));
    write(attempts);
  }

  /** Sends {@code call} to a server that is taking its slot over. */
  private void sendAsking(Call<?> call) {
    Call<String> asking = Call.asking(Duration.ofNanos(Math.max(1, call.nanosLeft())));
    write(List.of(attempt(asking), attempt(call)));
  }

  private <T> Attempt<T> attempt(Call<T> call) {
    Attempt<T> attempt = call.attempt(this);
    attempt.onComplete((reply, failure) -> settle(attempt, reply, failure));
    return attempt;
  }

  private void write(List<Attempt<?>> attempts) {
    unansweredSince.compareAndSet(0, System.nanoTime() | 1);
    try {
      loop.execute(() -> dispatch(attempts));
    } catch (RejectedExecutionException e) {
      attempts.forEach(attempt -> attempt.completeExceptionally(e));
    }
  }

  private void dispatch(List<Attempt<?>> attempts) {
    try {
      connection.dispatch(attempts);
    } catch (RuntimeException e) {
      attempts.forEach(attempt -> attempt.completeExceptionally(e));
    }
  }

  private <T> void settle(Attempt<T> attempt, T reply, Throwable failure) {
    if (failure == null) {
      if (!onOwnLoop) {
        findOwnLoop();
      }
      unansweredSince.set(0);
      answer(attempt, reply);
      return;
    }
    Call<T> call = attempt.call();
    if (failure instanceof RedisCommandExecutionException) {
      unansweredSince.set(0);
      if (failure instanceof RedisNoScriptException && call.mayGoByText()) {
        send(List.of(call));
        return;
      }
      Redirect redirect = Redirect.of(failure);
      if (redirect != null && call.mayFollow()) {
        follow(redirect, call);
        return;
      }
      if (Faults.isWrongServer(failure)) {
        abandon();
      }
      if (Faults.isMisplaced(failure)) {
        topology.suspect();
      }
    } else if (failure instanceof UnsupportedOperationException) {
      // A reply of a kind that the command does not have, as Lettuce's outputs say it.
      abandon();
      call.fail(new MixedUpException(failure));
      return;
    } else {
      giveUpIfSilent();
      topology.suspect();
    }
    call.fail(failure);
  }

  private <T> void answer(Attempt<T> attempt, T reply) {
    try {
      attempt.answered(reply);
    } catch (ClassCastException | IndexOutOfBoundsException e) {
      abandon();
      attempt.call().fail(new MixedUpException(e));
    }
  }

  private void findOwnLoop() {
    for (EventLoop candidate : client.loops()) {
      if (candidate.inEventLoop()) {
        loop = candidate;
        onOwnLoop = true;
      }
    }
  }

  private void follow(Redirect redirect, Call<?> call) {
    var unused =
        topology
            .follow(redirect, this)
            .whenComplete(
                (target, failure) -> {
                  if (failure != null) {
                    call.fail(Faults.unwrap(failure));
                  } else if (redirect.ask()) {
                    target.sendAsking(call);
                  } else {
                    target.send(List.of(call));
                  }
                });
  }

  /** Gives the connection up when Redis has been silent on it for three timeouts. */
  void giveUpIfSilent() {
    if (silentNanos() > 3 * timeout.toNanos()) {
      givenUp = true;
      abandon();
    }
  }

  /** Closes the connection; the next call opens another and resolves the address anew. */
  void abandon() {
    abandoned = true;
    client.discard(connection, loop);
  }

  /** A reply that cannot be to the command it came for, so the connection is out of step. */
  static final class MixedUpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MixedUpException(@Nullable Throwable cause) {
      super("the reply belongs to another command; the connection was dropped", cause);
    }
  }
}
