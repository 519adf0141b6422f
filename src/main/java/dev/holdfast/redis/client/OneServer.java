package dev.holdfast.redis.client;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One server for all keys: the one that {@code redis.uri} names. */
class OneServer extends Topology {
  private final Server server;

  OneServer(Dialer dialer) {
    super(dialer);
    server = new Server(dialer, address(), this::dial, this::suspect);
  }

  /** Connects to the primary. */
  Link dial(int lane) throws InterruptedException, ExecutionException, TimeoutException {
    return dialer.link(dialer.address().servers().get(0), this, lane, true);
  }

  final Server server() {
    return server;
  }

  @Override
  CompletableFuture<Link> link(byte[] key, int lane) {
    return server.link(lane);
  }

  @Override
  public CompletableFuture<Link> any() {
    return server.link(Lane.SHARED);
  }

  @Override
  CompletableFuture<List<Link>> primaries() {
    return any().thenApply(List::of);
  }

  @Override
  public CompletableFuture<Link> follow(Redirect redirect, Link from) {
    return CompletableFuture.failedFuture(
        new IllegalStateException(
            "it belongs to a Cluster, and redis.uri does not say so; write redis-cluster://"));
  }

  @Override
  public void suspect() {}

  @Override
  public @Nullable RedisClock clock() {
    return server.clock();
  }

  @Override
  Collection<Server> servers() {
    return List.of(server);
  }

  @Override
  String state() {
    return server.state();
  }

  @Override
  void stop() {
    server.stop();
  }

  @Override
  void join() throws InterruptedException {
    server.join();
  }
}
