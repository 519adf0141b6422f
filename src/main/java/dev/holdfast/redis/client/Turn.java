package dev.holdfast.redis.client;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.metrics.Metrics;
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
 * One caller's turn at Redis: a place in the bulkhead, and a deadline. Calls for several keys may
 * be under way at once: send them all, then await each; that is one wait.
 */
public final class Turn implements AutoCloseable {
  private final String operation;
  private final long start;
  private final long begun = System.nanoTime();
  private final long deadline;
  private final Topology topology;
  private final Bulkhead bulkhead;
  private final DurableLanes durable;
  private final Unavailability unavailable;
  private final Metrics metrics;

  /**
   * @param start when its caller asked for it, in nanoseconds
   * @param bulkhead where it has a place until it is closed
   * @param metrics is told how long it lasted
   */
  Turn(
      String operation,
      long start,
      Duration limit,
      Topology topology,
      Bulkhead bulkhead,
      DurableLanes durable,
      Unavailability unavailable,
      Metrics metrics) {
    this.operation = operation;
    this.start = start;
    this.deadline = begun + limit.toNanos();
    this.topology = topology;
    this.bulkhead = bulkhead;
    this.durable = durable;
    this.unavailable = unavailable;
    this.metrics = metrics;
  }

  /** What is left of the turn, at least a millisecond. */
  public Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  public boolean hasTime() {
    return deadline - System.nanoTime() > 0;
  }

  /** Sends {@code calls}, which are about {@code key}, as one packet to the server that has it. */
  public void send(byte[] key, Call<?>... calls) {
    topology.send(key, Lane.SHARED, List.of(calls));
  }

  /** Sends calls about several keys: one packet to every server. */
  public void send(List<? extends Keyed<?>> calls) {
    topology.send(calls);
  }

  /** Sends {@code call} and waits for its reply. */
  public <T> T ask(byte[] key, Call<T> call) {
    return ask(key, Lane.SHARED, call);
  }

  /**
   * Sends {@code call} on another connection, an index of {@link Lane}, and waits for its reply.
   */
  public <T> T ask(byte[] key, int lane, Call<T> call) {
    topology.send(key, lane, List.of(call));
    return answer(call);
  }

  /**
   * Sends {@code write} and waits until a replica has it too. Script and WAIT are sent as one
   * packet; if the script had to be sent again, to another server or by its text, so is the WAIT.
   */
  public List<Object> askDurably(byte[] key, Call<List<Object>> write) {
    Integer lane = lane();
    try {
      Call<Long> confirmed = confirmation();
      topology.send(key, lane, List.of(write, confirmed));
      List<Object> reply = answer(write);
      if (write.travels() > 1) {
        confirmed = confirmation();
        Call.send(write.link(), List.of(confirmed));
      }
      if (answer(confirmed) < 1) {
        throw unavailable.unconfirmed(operation, start);
      }
      return reply;
    } finally {
      durable.giveBack(lane);
    }
  }

  private Integer lane() {
    try {
      Integer lane = durable.take(left());
      if (lane == null) {
        throw unavailable.crowded(operation, start);
      }
      return lane;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable.interrupted(operation, start);
    }
  }

  /**
   * A WAIT short enough for its reply to come before the turn is over even if it is "no": Redis
   * checks such time-outs only ten times a second.
   */
  private Call<Long> confirmation() {
    long millis = Math.max(1, left().toMillis() * 2 / 3);
    return Call.number(CommandType.WAIT, Call.args().add(1).add(millis), left());
  }

  /** The reply of a call that was sent and is not expected to fail. */
  public <T> T answer(Call<T> call) {
    try {
      return await(call);
    } catch (RedisCommandException e) {
      throw unavailable.failed(operation, start, e.getCause());
    }
  }

  /**
   * The reply of a call that was sent.
   *
   * @throws RedisCommandException when Redis answered an error that the caller may understand
   */
  public <T> T await(Call<T> call) throws RedisCommandException {
    CompletableFuture<T> reply = call.reply();
    try {
      return reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      call.cancel();
      Thread.currentThread().interrupt();
      throw unavailable.interrupted(operation, start);
    } catch (TimeoutException e) {
      call.giveUp();
      throw unavailable.failed(operation, start, null);
    } catch (CancellationException e) {
      throw unavailable.failed(operation, start, e);
    } catch (ExecutionException e) {
      Throwable failure = Faults.unwrap(e);
      if (Faults.isWrongType(failure)) {
        throw new RedisCommandException(failure);
      }
      throw unavailable.failed(operation, start, failure);
    }
  }

  /** Drops the connection to the key's server, whose reply belongs to another command. */
  public SessionStoreUnavailableException mixedUp(byte[] key, @Nullable Throwable cause) {
    topology.distrust(key);
    return unavailable.failed(operation, start, new MixedUpException(cause));
  }

  @Override
  public void close() {
    TimeBudget.spentSince(begun);
    metrics.waited(operation, System.nanoTime() - begun);
    bulkhead.leave();
  }

  /** Redis answered an error that is no reason to give up: WRONGTYPE. */
  public static final class RedisCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    RedisCommandException(Throwable cause) {
      super(Faults.reason(cause), cause);
    }
  }
}
