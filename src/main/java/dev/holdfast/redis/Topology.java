package dev.holdfast.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which server is asked for which key. Connects at the first question, not before. What its methods
 * return is never blocked on by an I/O thread; it completes there or on a thread that connects.
 */
interface Topology extends AutoCloseable {
  /** The connection to the primary that has {@code key}, or one in the making, or why not. */
  CompletableFuture<Link> link(byte[] key);

  /** Where {@code redirect}, answered on {@code from}, leads; may look for the servers anew. */
  CompletableFuture<Link> follow(Redirect redirect, Link from);

  /** Any connection: enough to say that Redis is there. */
  CompletableFuture<Link> any();

  /** Redis's clock as last heard of, or null before the first connection. */
  @Nullable RedisClock clock();

  /** Hosts and ports, without credentials. */
  String address();

  /** How things are, for a message. */
  String state();

  /** Ends the connections and every thread; waits for them. */
  @Override
  void close();
}
