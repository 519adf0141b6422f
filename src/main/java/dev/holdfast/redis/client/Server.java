package dev.holdfast.redis.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One server, or whichever is the primary, and the connections to it: one for each lane. */
final class Server {
  private final List<RedisConnector> lanes = new ArrayList<>();
  private final String address;

  /** Opens a connection for a lane. */
  interface Dial {
    Link dial(int lane) throws InterruptedException, ExecutionException, TimeoutException;
  }

  /**
   * Connects to nothing yet.
   *
   * @param address for messages
   * @param onFailure is told when an attempt to connect has failed
   */
  Server(Dialer dialer, String address, Dial dial, Runnable onFailure) {
    this.address = address;
    for (int i = 0; i < Lane.COUNT; i++) {
      int lane = i;
      lanes.add(
          new RedisConnector(
              dialer.settings(), dialer.app(), address, () -> dial.dial(lane), onFailure));
    }
  }

  CompletableFuture<Link> link(int lane) {
    return lanes.get(lane).link();
  }

  /** The shared connection if it is open. */
  @Nullable Link open() {
    return lanes.get(Lane.SHARED).open();
  }

  /** Whether the shared connection is open and Redis has not answered on it for a whole timeout. */
  boolean isSilent() {
    Link link = open();
    return link != null && link.isSilent();
  }

  /** The clock of the server connected last; null before the first. */
  @Nullable RedisClock clock() {
    return lanes.get(Lane.SHARED).clock();
  }

  /** Host and port; of whichever is the primary, that of the one it is connected to. */
  String address() {
    Link link = open();
    return link == null ? address : link.address().toString();
  }

  String state() {
    return lanes.get(Lane.SHARED).state();
  }

  /**
   * Gives up all connections that do not lead to {@code primary}, and restarts attempts to connect.
   */
  void leaveAllBut(ServerAddress primary) {
    for (RedisConnector connector : lanes) {
      Link link = connector.open();
      if (link == null) {
        connector.beginAnew();
      } else if (!link.address().equals(primary)) {
        link.abandon();
      }
    }
  }

  void stop() {
    lanes.forEach(RedisConnector::stop);
  }

  void join() throws InterruptedException {
    for (RedisConnector connector : lanes) {
      connector.join();
    }
  }
}
