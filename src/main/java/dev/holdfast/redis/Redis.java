package dev.holdfast.redis;

import dev.holdfast.config.Durability;
import dev.holdfast.config.DurableWrites;
import dev.holdfast.config.RedisSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.store.TimeBudget;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Redis, whatever servers it consists of, as all stores of one application share it. Whoever waits
 * takes a {@link #turn}; whoever does not calls {@link #send} and attaches to the replies. Every
 * key finds its own server, so several keys need no common hash slot; a script still takes one.
 */
final class Redis implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Redis.class.getName());

  private final RedisSettings settings;
  private final Topology topology;
  private final Bulkhead bulkhead;
  private final Faults faults;
  private final DurableLanes durable = new DurableLanes();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Of one application, which also names the threads.
   *
   * @param loader of the application
   */
  Redis(Settings application, ClassLoader loader) {
    this.settings = application.redis();
    this.topology =
        Topology.of(
            new Dialer(settings, application.app(), RedisAddress.of(settings.uri()), loader));
    this.bulkhead = new Bulkhead(settings.concurrency());
    this.faults = new Faults(topology, bulkhead);
  }

  /** How long one reply may take. */
  Duration timeout() {
    return settings.timeout();
  }

  /** The same for what is worth waiting for: logins and logouts. */
  Duration patience() {
    return settings.timeout().multipliedBy(2);
  }

  Faults faults() {
    return faults;
  }

  /** Whether a write counts as saved only when a replica has it. */
  boolean isDurable(boolean login) {
    return settings.durability() == Durability.REPLICA
        && (login || settings.durableWrites() == DurableWrites.ALL);
  }

  DurableLanes durable() {
    return durable;
  }

  Topology topology() {
    return topology;
  }

  /** Redis's clock, or this machine's before the first connection. */
  Instant now() {
    RedisClock clock = topology.clock();
    return clock == null ? Instant.now() : Instant.ofEpochMilli(clock.now());
  }

  /** Waits for the first attempt to connect, if nobody has tried yet. */
  void ensureAvailable() {
    Link unused = await("connecting", System.nanoTime(), topology.any());
  }

  /**
   * Takes a turn of at most {@code limit}, and of what the caller's request has left of its time,
   * not counting the time to connect.
   *
   * @param operation a word for messages
   * @param key the first key it is about: whose server must be there
   */
  Turn turn(String operation, Duration limit, byte[] key) {
    long start = System.nanoTime();
    if (closed.get()) {
      throw faults.notConnected(operation, start, new IllegalStateException("the store is closed"));
    }
    Link link = await(operation, start, topology.link(key, Lane.SHARED));
    if (!link.admits()) {
      throw faults.silent(operation, link);
    }
    takePlace(operation, limit);
    Duration within = TimeBudget.within(limit);
    if (within.isZero()) {
      bulkhead.leave();
      throw faults.overBudget(operation, settings.requestTimeout());
    }
    return new Turn(operation, start, within, this);
  }

  private void takePlace(String operation, Duration limit) {
    long start = System.nanoTime();
    try {
      if (!bulkhead.enter(TimeBudget.within(limit).toNanos())) {
        throw faults.crowded(operation, start);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw faults.interrupted(operation, start);
    } finally {
      TimeBudget.spentSince(start);
    }
  }

  /** The end of a turn. */
  void leave() {
    bulkhead.leave();
  }

  /** Sends {@code calls}, which are about {@code key}, as one packet, and does not wait. */
  void send(byte[] key, List<? extends Call<?>> calls) {
    send(key, Lane.SHARED, calls);
  }

  /** The same on another connection, an index of {@link Lane}. */
  void send(byte[] key, int lane, List<? extends Call<?>> calls) {
    CompletableFuture<Link> link = topology.link(key, lane);
    var unused =
        link.whenComplete(
            (open, failure) -> {
              if (failure == null) {
                open.send(calls);
              } else {
                Throwable reason = Faults.unwrap(failure);
                calls.forEach(call -> call.fail(new NotConnectedException(reason)));
              }
            });
  }

  /** Gives up the connections on which {@code key} may have been read. */
  void distrust(byte[] key) {
    for (int lane = Lane.SHARED; lane <= Lane.BULK; lane++) {
      CompletableFuture<Link> link = topology.link(key, lane);
      if (link.isDone() && !link.isCompletedExceptionally()) {
        link.join().abandon();
      }
    }
  }

  /** Sends several calls, each about its key, and does not wait: one packet to every server. */
  void send(List<? extends Keyed<?>> calls) {
    Map<Object, List<Keyed<?>>> packets = new LinkedHashMap<>();
    for (Keyed<?> call : calls) {
      CompletableFuture<Link> link = topology.link(call.key(), Lane.SHARED);
      boolean open = link.isDone() && !link.isCompletedExceptionally();
      packets.computeIfAbsent(open ? link.join() : link, target -> new ArrayList<>()).add(call);
    }
    packets
        .values()
        .forEach(packet -> send(packet.get(0).key(), packet.stream().map(Keyed::call).toList()));
  }

  /**
   * Waits only while the first attempt to connect is under way. The attempt limits itself; the
   * limit here is for the case that it does not.
   */
  private Link await(String operation, long start, CompletableFuture<Link> link) {
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

  /** Lets those who wait finish, then ends connections and threads. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!bulkhead.drain(settings.timeout().toMillis())) {
        LOG.log(
            Level.WARNING, "{0} callers still wait for Redis while it is closed", bulkhead.taken());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    topology.close();
  }

  /** A call that was never sent, for there was no connection. */
  static final class NotConnectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotConnectedException(Throwable cause) {
      super(Faults.reason(cause), cause);
    }
  }
}
