package dev.holdfast.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which server is asked for which key. Connects at the first question, not before. What its methods
 * return is never blocked on by an I/O thread; it completes there or on a thread that connects.
 */
abstract class Topology implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Topology.class.getName());
  private static final Duration CLOSING = Duration.ofSeconds(8);

  final Dialer dialer;

  Topology(Dialer dialer) {
    this.dialer = dialer;
  }

  /** What {@code redis.uri} names. */
  static Topology of(Dialer dialer) {
    return switch (dialer.address().kind()) {
      case SERVER -> new OneServer(dialer);
      case SENTINEL -> new SentinelGroup(dialer);
      case CLUSTER -> new Cluster(dialer);
    };
  }

  /**
   * The connection to the primary that has {@code key}, or one in the making, or why there is none.
   *
   * @param lane an index of {@link Lane}
   */
  abstract CompletableFuture<Link> link(byte[] key, int lane);

  /** Where {@code redirect}, answered on {@code from}, leads; may look for the servers anew. */
  abstract CompletableFuture<Link> follow(Redirect redirect, Link from);

  /** Any connection: enough to say that Redis is there. */
  abstract CompletableFuture<Link> any();

  /** A server has answered that things are not as they should be; look again. Does not block. */
  abstract void suspect();

  /** Redis's clock as last heard of, or null before the first connection. */
  abstract @Nullable RedisClock clock();

  /** Hosts and ports, without credentials. */
  String address() {
    return dialer.address().toString();
  }

  /** How things are, for a message. */
  abstract String state();

  /** Tells every thread and connection to end. Does not wait. */
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
