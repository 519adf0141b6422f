package dev.holdfast.redis.testing;

import java.io.ByteArrayOutputStream;

/**
 * A {@link FaultProxy} that counts <em>waits</em>: bursts of the client, however many packets, that
 * a reply follows. With one client thread at a time the count is exact; a packet sent unawaited on
 * its own counts too, for a reply follows it. What it counts is that since {@link #reset()}.
 */
public final class CountingProxy extends FaultProxy {
  private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
  private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
  private int waits;
  private int packets;
  private boolean clientSpoke;

  /** Listens on a free port of the loopback interface and forwards to {@code port} there. */
  public CountingProxy(int port) {
    super(port);
  }

  /** Client bursts that a reply followed, since {@link #reset()}. */
  public synchronized int waits() {
    return waits;
  }

  /** Packets of clients since {@link #reset()}; a large one may count as several. */
  public synchronized int packets() {
    return packets;
  }

  /** Bytes both ways since {@link #reset()}. */
  public synchronized int bytes() {
    return toServer.size() + toClient.size();
  }

  /** What clients sent since {@link #reset()}. */
  public synchronized byte[] bytesToServer() {
    return toServer.toByteArray();
  }

  /** What Redis answered since {@link #reset()}. */
  public synchronized byte[] bytesToClient() {
    return toClient.toByteArray();
  }

  /** Starts counting and recording anew. */
  public synchronized void reset() {
    waits = 0;
    packets = 0;
    forgetConnections();
    clientSpoke = false;
    toServer.reset();
    toClient.reset();
  }

  @Override
  void delivers(boolean fromClient, byte[] bytes, int from, int to) {
    (fromClient ? toServer : toClient).write(bytes, from, to - from);
    if (!fromClient && clientSpoke) {
      waits++;
    }
    packets += fromClient ? 1 : 0;
    clientSpoke = fromClient;
  }
}
