package dev.holdfast.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One live connection. Commands are handed to its event loop and written there, as one packet: the
 * calling thread runs no Netty code but the hand-over, which leaves nothing of Netty in its thread
 * locals, and no wake-up more than a write from outside costs.
 */
final class Link {
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final Channel channel;
  private final Duration timeout;
  private final RedisClock clock;

  /** When the oldest packet after the last reply was sent, in nanoseconds; 0 when none waits. */
  private final AtomicLong unansweredSince = new AtomicLong();

  private volatile boolean abandoned;

  Link(
      StatefulRedisConnection<byte[], byte[]> connection,
      Channel channel,
      Duration timeout,
      RedisClock clock) {
    this.connection = connection;
    this.channel = channel;
    this.timeout = timeout;
    this.clock = clock;
  }

  boolean isOpen() {
    return !abandoned && channel.isActive();
  }

  RedisClock clock() {
    return clock;
  }

  /** Sends {@code calls} as one packet; each completes in its own time, here or on the loop. */
  void send(List<Call<?>> calls) {
    unansweredSince.compareAndSet(0, System.nanoTime() | 1);
    send(connection, channel, calls);
  }

  static void send(
      StatefulRedisConnection<byte[], byte[]> connection, Channel channel, List<Call<?>> calls) {
    try {
      channel.eventLoop().execute(() -> dispatch(connection, calls));
    } catch (RejectedExecutionException e) {
      calls.forEach(call -> call.completeExceptionally(e));
    }
  }

  private static void dispatch(
      StatefulRedisConnection<byte[], byte[]> connection, List<Call<?>> calls) {
    try {
      connection.dispatch(calls);
    } catch (RuntimeException e) {
      calls.forEach(call -> call.completeExceptionally(e));
    }
  }

  /**
   * Calls {@code script} without waiting, by its text if Redis has forgotten it.
   *
   * @param packet sent in front of it, in the same packet
   * @param done is told the reply or the failure, one of them, on an I/O thread: must not block
   */
  void sendUnawaited(
      List<Call<?>> packet,
      Script script,
      byte[] key,
      List<byte[]> argv,
      Consumer<List<Object>> done,
      Consumer<Throwable> failed) {
    long sent = System.nanoTime();
    Call<List<Object>> call = script.evalsha(key, argv, timeout);
    call.onComplete(
        (reply, failure) -> {
          if (failure instanceof RedisNoScriptException) {
            Call<List<Object>> again = script.eval(key, argv, timeout);
            again.onComplete((r, f) -> finish(r, f, sent, done, failed));
            send(List.of(again));
          } else {
            finish(reply, failure, sent, done, failed);
          }
        });
    send(append(packet, call));
  }

  private static List<Call<?>> append(List<Call<?>> packet, Call<?> last) {
    List<Call<?>> all = new ArrayList<>(packet);
    all.add(last);
    return all;
  }

  private void finish(
      List<Object> reply,
      Throwable failure,
      long sent,
      Consumer<List<Object>> done,
      Consumer<Throwable> failed) {
    if (failure == null) {
      answered();
      clock.observe((Long) reply.get(0), sent);
      done.accept(reply);
    } else {
      if (Faults.isWrongServer(failure)) {
        abandon();
      }
      failed.accept(failure);
    }
  }

  /** Redis has answered something. */
  void answered() {
    unansweredSince.set(0);
  }

  /** Gives the connection up when Redis has been silent on it for three timeouts. */
  void giveUpIfSilent() {
    long since = unansweredSince.get();
    if (since != 0 && System.nanoTime() - since > 3 * timeout.toNanos()) {
      abandon();
    }
  }

  /** Closes the connection; the next call opens another and resolves the address anew. */
  void abandon() {
    abandoned = true;
    try {
      channel
          .eventLoop()
          .execute(
              () -> {
                var unused = connection.closeAsync();
              });
    } catch (RejectedExecutionException e) {
      // The client is being shut down, which closes the connection too.
    }
  }
}
