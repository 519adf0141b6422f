package dev.holdfast.redis.client;

import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Knows which server has which key, and sends calls there. It connects when it is first asked, not
 * before. The futures that its methods return complete on an I/O thread or on a thread that
 * connects; no I/O thread may block on them.
 */
public abstract class Topology implements Link.Router, AutoCloseable {
  private static final Logger LOG = Loggers.of(Topology.class);
  private static final Duration CLOSING = Duration.ofSeconds(8);

  public final Dialer dialer;

  Topology(Dialer dialer) {
    this.dialer = dialer;
  }

  /**
   * The connection to the primary that has {@code key}, one in the making, or the failure to make
   * one.
   *
   * @param lane an index of {@link Lane}
   */
  abstract CompletableFuture<Link> link(byte[] key, int lane);

  /** Any connection, which is enough to tell that Redis is there. */
  public abstract CompletableFuture<Link> any();

  /** As {@link #any()}, one for each server that has keys. Waits for no more than one reply. */
  abstract CompletableFuture<List<Link>> primaries();

  /** Redis's clock as last heard of, or null before the first connection. */
  public abstract @Nullable RedisClock clock();

  /**
   * Sends {@code calls}, which are about {@code key}, as one packet, and does not wait.
   *
   * @param lane an index of {@link Lane}
   */
  final void send(byte[] key, int lane, List<? extends Call<?>> calls) {
    CompletableFuture<Link> link = link(key, lane);
    var unused =
        link.whenComplete(
            (open, failure) -> {
              if (failure == null) {
                Call.send(open, calls);
              } else {
                Throwable reason = Faults.unwrap(failure);
                calls.forEach(call -> call.fail(new NotConnectedException(reason)));
              }
            });
  }

  /** Sends several calls, each about its key, and does not wait: one packet to every server. */
  final void send(List<? extends Keyed<?>> calls) {
    Map<Object, List<Keyed<?>>> packets = new LinkedHashMap<>();
    for (Keyed<?> call : calls) {
      CompletableFuture<Link> link = link(call.key(), Lane.SHARED);
      boolean open = link.isDone() && !link.isCompletedExceptionally();
      packets.computeIfAbsent(open ? link.join() : link, target -> new ArrayList<>()).add(call);
    }
    packets
        .values()
        .forEach(
            packet ->
                send(packet.get(0).key(), Lane.SHARED, packet.stream().map(Keyed::call).toList()));
  }

  /** Gives up the connections on which {@code key} may have been read. */
  final void distrust(byte[] key) {
    for (int lane = Lane.SHARED; lane <= Lane.BULK; lane++) {
      CompletableFuture<Link> link = link(key, lane);
      if (link.isDone() && !link.isCompletedExceptionally()) {
        link.join().abandon();
      }
    }
  }

  /** Hosts and ports, without credentials. */
  public String address() {
    return dialer.address().toString();
  }

  /** The servers, connected or not. */
  abstract Collection<Server> servers();

  /** How many servers are connected. */
  public final int connected() {
    return (int) servers().stream().filter(server -> server.open() != null).count();
  }

  /** How many servers are connected and have not answered for a whole timeout. */
  public final int silent() {
    return (int) servers().stream().filter(Server::isSilent).count();
  }

  /** The state of the connections, for a message. */
  abstract String state();

  /** Makes every thread and connection end. Does not wait. */
  abstract void stop();

  /** Waits for the threads that were told to end. */
  abstract void join() throws InterruptedException;

  /** Ends the connections and every thread. Waits for them, on a thread of its own. */
  @Override
  public final void close() {
    stop();
    Thread closing =
        OwnThreads.start(
            dialer.app() + "-redis-close",
            () -> {
              try {
                join();
                dialer.close();
              } catch (InterruptedException e) {
                LOG.log(Level.WARNING, "Interrupted while closing the client of Redis");
              }
            });
    try {
      closing.join(CLOSING.toMillis());
      if (closing.isAlive()) {
        LOG.log(
            Level.WARNING,
            "The client of Redis at {0} did not end within {1} s; its threads may outlive the"
                + " web application",
            address(),
            CLOSING.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
