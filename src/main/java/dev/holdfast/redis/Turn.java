package dev.holdfast.redis;

import dev.holdfast.config.RedisSettings;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One caller's turn at Redis: a place in the bulkhead, a connection, and a time to be done. */
final class Turn implements AutoCloseable {
  private final String operation;
  private final long start;
  private final long deadline;
  private final Link link;
  private final Bulkhead bulkhead;
  private final Faults faults;

  private Turn(
      String operation, long start, long deadline, Link link, Bulkhead bulkhead, Faults faults) {
    this.operation = operation;
    this.start = start;
    this.deadline = deadline;
    this.link = link;
    this.bulkhead = bulkhead;
    this.faults = faults;
  }

  /** Takes a turn of at most {@code limit}, not counting the time to connect. */
  static Turn take(
      String operation,
      Duration limit,
      RedisSettings settings,
      RedisConnector connector,
      Bulkhead bulkhead,
      Faults faults) {
    long start = System.nanoTime();
    Link link = link(operation, start, settings, connector, faults);
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      if (!bulkhead.enter(limit.toNanos())) {
        throw faults.crowded(operation, start);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw faults.interrupted(operation, start);
    }
    return new Turn(operation, start, deadline, link, bulkhead, faults);
  }

  /**
   * The connection; waits only while the first attempt to make one is under way. The attempt limits
   * itself; the limit here is for the case that it does not.
   */
  static Link link(
      String operation,
      long start,
      RedisSettings settings,
      RedisConnector connector,
      Faults faults) {
    CompletableFuture<Link> link = connector.link();
    try {
      Duration attempt =
          settings
              .connectTimeout()
              .plus(settings.timeout())
              .plus(LettuceClient.CLASS_LOADING.multipliedBy(2));
      return link.get(attempt.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw faults.interrupted(operation, start);
    } catch (ExecutionException e) {
      throw faults.notConnected(operation, start, Faults.unwrap(e));
    } catch (CancellationException | TimeoutException e) {
      throw faults.notConnected(operation, start, e);
    }
  }

  Link link() {
    return link;
  }

  /** What is left of the turn, at least a millisecond. */
  Duration left() {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  boolean hasTime() {
    return deadline - System.nanoTime() > 0;
  }

  /** When a write sent now must be executed at the latest, in milliseconds of Redis's clock. */
  long notAfter() {
    return link.clock().now() + left().toMillis();
  }

  /**
   * The reply of a call that was sent.
   *
   * @throws RedisCommandException when Redis answered an error that the caller may understand
   */
  <T> T await(Call<T> call) throws RedisCommandException {
    try {
      T reply = call.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      link.answered();
      return reply;
    } catch (InterruptedException e) {
      call.cancel();
      Thread.currentThread().interrupt();
      throw faults.interrupted(operation, start);
    } catch (TimeoutException e) {
      call.cancel();
      link.giveUpIfSilent();
      throw faults.failed(operation, start, null);
    } catch (CancellationException e) {
      throw faults.failed(operation, start, e);
    } catch (ExecutionException e) {
      throw failure(Faults.unwrap(e));
    }
  }

  private RedisCommandException failure(Throwable failure) {
    if (failure instanceof RedisCommandExecutionException) {
      link.answered();
    }
    if (failure instanceof RedisNoScriptException || Faults.isWrongType(failure)) {
      return new RedisCommandException(failure);
    }
    if (Faults.isWrongServer(failure)) {
      link.abandon();
    } else {
      link.giveUpIfSilent();
    }
    throw faults.failed(operation, start, failure);
  }

  /** Runs a script and waits for it; a second wait when Redis had forgotten it. */
  List<Object> run(Script script, byte[] key, List<byte[]> argv) {
    long sent = System.nanoTime();
    List<Object> reply;
    try {
      reply = await(sent(script.evalsha(key, argv, left())));
    } catch (RedisCommandException forgotten) {
      sent = System.nanoTime();
      try {
        reply = await(sent(script.eval(key, argv, left())));
      } catch (RedisCommandException again) {
        throw faults.failed(operation, start, again.getCause());
      }
    }
    link.clock().observe((Long) reply.get(0), sent);
    return reply;
  }

  private <T> Call<T> sent(Call<T> call) {
    link.send(List.of(call));
    return call;
  }

  @Override
  public void close() {
    bulkhead.leave();
  }

  /** Redis answered an error that is no reason to give up: NOSCRIPT or WRONGTYPE. */
  static final class RedisCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    RedisCommandException(Throwable cause) {
      super(Faults.reason(cause), cause);
    }
  }
}
