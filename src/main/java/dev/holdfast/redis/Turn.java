package dev.holdfast.redis;

import dev.holdfast.redis.Link.MixedUpException;
import dev.holdfast.store.SessionStoreUnavailableException;
import dev.holdfast.store.TimeBudget;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One caller's turn at Redis: a place in the bulkhead, and a time to be done. Calls for several
 * keys may be under way at once: send them all, then await each; that is one wait.
 */
final class Turn implements AutoCloseable {
  private final String operation;
  private final long start;
  private final long begun = System.nanoTime();
  private final long deadline;
  private final Redis redis;

  Turn(String operation, long start, Duration limit, Redis redis) {
    this.operation = operation;
    this.start = start;
    this.deadline = begun + limit.toNanos();
    this.redis = redis;
  }

  /** What is left of the turn, at least a millisecond. */
  Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  boolean hasTime() {
    return deadline - System.nanoTime() > 0;
  }

  /** Sends {@code calls}, which are about {@code key}, as one packet to the server that has it. */
  void send(byte[] key, Call<?>... calls) {
    redis.send(key, List.of(calls));
  }

  /** Sends calls about several keys: one packet to every server. */
  void send(List<? extends Keyed<?>> calls) {
    redis.send(calls);
  }

  /** Sends {@code call} and waits for its reply. */
  <T> T ask(byte[] key, Call<T> call) {
    return ask(key, Lane.SHARED, call);
  }

  /** The same on another connection, an index of {@link Lane}. */
  <T> T ask(byte[] key, int lane, Call<T> call) {
    redis.send(key, lane, List.of(call));
    return answer(call);
  }

  /**
   * Sends {@code write} and waits until a replica has it too. Script and WAIT go as one packet;
   * when the script had to travel again, to another server or by its text, so must the WAIT.
   */
  List<Object> askDurably(byte[] key, Call<List<Object>> write) {
    Integer lane = lane();
    try {
      Call<Long> confirmed = confirmation();
      redis.send(key, lane, List.of(write, confirmed));
      List<Object> reply = answer(write);
      if (write.travels() > 1) {
        confirmed = confirmation();
        write.link().send(List.of(confirmed));
      }
      if (answer(confirmed) < 1) {
        throw redis.faults().unconfirmed(operation, start);
      }
      return reply;
    } finally {
      redis.durable().giveBack(lane);
    }
  }

  private Integer lane() {
    try {
      Integer lane = redis.durable().take(left());
      if (lane == null) {
        throw redis.faults().crowded(operation, start);
      }
      return lane;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw redis.faults().interrupted(operation, start);
    }
  }

  /**
   * Its reply comes before the turn is over, also when it is no: Redis looks at such time-outs ten
   * times a second only.
   */
  private Call<Long> confirmation() {
    long millis = Math.max(1, left().toMillis() * 2 / 3);
    return Call.number(CommandType.WAIT, Call.args().add(1).add(millis), left());
  }

  /** The reply of a call that was sent and that no error is expected of. */
  <T> T answer(Call<T> call) {
    try {
      return await(call);
    } catch (RedisCommandException e) {
      throw redis.faults().failed(operation, start, e.getCause());
    }
  }

  /**
   * The reply of a call that was sent.
   *
   * @throws RedisCommandException when Redis answered an error that the caller may understand
   */
  <T> T await(Call<T> call) throws RedisCommandException {
    Faults faults = redis.faults();
    CompletableFuture<T> reply = call.reply();
    try {
      return reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      call.cancel();
      Thread.currentThread().interrupt();
      throw faults.interrupted(operation, start);
    } catch (TimeoutException e) {
      call.giveUp();
      throw faults.failed(operation, start, null);
    } catch (CancellationException e) {
      throw faults.failed(operation, start, e);
    } catch (ExecutionException e) {
      Throwable failure = Faults.unwrap(e);
      if (Faults.isWrongType(failure)) {
        throw new RedisCommandException(failure);
      }
      throw faults.failed(operation, start, failure);
    }
  }

  /** Runs a script and waits for it. */
  List<Object> run(Script script, byte[] key, List<byte[]> argv) {
    return ask(key, script.call(key, argv, left()));
  }

  /** For a reply that belongs to another command: drops the connection to the server of the key. */
  SessionStoreUnavailableException mixedUp(byte[] key, @Nullable Throwable cause) {
    redis.distrust(key);
    return redis.faults().failed(operation, start, new MixedUpException(cause));
  }

  @Override
  public void close() {
    TimeBudget.spentSince(begun);
    redis.leave();
  }

  /** Redis answered an error that is no reason to give up: WRONGTYPE. */
  static final class RedisCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    RedisCommandException(Throwable cause) {
      super(Faults.reason(cause), cause);
    }
  }
}
