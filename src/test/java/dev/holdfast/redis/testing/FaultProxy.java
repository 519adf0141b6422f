package dev.holdfast.redis.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy in front of Redis that does to the traffic what networks do. Faults hold for all
 * connections, those there are and those to come, until they are taken back; {@link #heal()} takes
 * all back. They can be combined. What a side has sent before it closed its connection arrives all
 * the same.
 *
 * <ul>
 *   <li>{@link #pause()} holds all bytes back, both ways; {@link #blackHole(boolean)} loses them
 *   <li>{@link #latency(Duration)}, {@link #bandwidth(long)}, {@link #slice(int, Duration)} slow
 *       them down, both ways
 *   <li>{@link #disconnect()} resets all connections; {@link #refuse(boolean)} closes new ones at
 *       once; {@link #down(boolean)} is both
 *   <li>{@link #limitData(long)} resets each connection after so many bytes of Redis's
 *   <li>{@link #slowClose(Duration)}: one side hears late that the other has gone
 *   <li>{@link #loseNextReply()} closes the connection after Redis has executed and before the
 *       client hears of it; in order, for Lettuce takes a reset for the answer to the first command
 *   <li>{@link #swallowNextReply()} and {@link #duplicateNextReply()} leave the connection open:
 *       from then on each reply answers the command before or after its own, which is what a client
 *       library with a bug or a broken middle box would do
 * </ul>
 */
public sealed class FaultProxy implements AutoCloseable permits CountingProxy {
  private enum ReplyFault {
    LOSE,
    SWALLOW,
    DUPLICATE
  }

  /** What a reply of Redis can begin with, in RESP2 and RESP3. */
  private static final String REPLY_TYPES = "+-:$*_#,(!=%~>|";

  private final ServerSocket listener;
  private final int target;
  private final List<Link> links = new ArrayList<>();
  private @Nullable ReplyFault nextReply;

  /** To how many replies that happens. */
  private int faults;

  private int connections;
  private boolean paused;
  private boolean refusing;
  private boolean losingAll;
  private long latencyMillis;
  private long bytesPerSecond;
  private int sliceSize;
  private long slicePauseMillis;
  private long limit = Long.MAX_VALUE;
  private long closeDelayMillis;

  /** Listens on a free port of the loopback interface and forwards to {@code port} there. */
  public FaultProxy(int port) {
    this.target = port;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread("accept", this::accept);
  }

  /** The port to connect to. */
  public final int port() {
    return listener.getLocalPort();
  }

  /** For {@code redis.uri}. */
  public final String uri() {
    String login = MinimalUser.isDefault() ? MinimalUser.login("holdfast") + "@" : "";
    return "redis://" + login + "127.0.0.1:" + port();
  }

  /** Connections made through to Redis, those that are closed by now included. */
  public final synchronized int connections() {
    return connections;
  }

  /**
   * Bytes delivered on one connection.
   *
   * @param toServer by the client
   * @param toClient by Redis
   */
  public record Traffic(long toServer, long toClient) {
    /** What was added. */
    public Traffic since(Traffic before) {
      return new Traffic(toServer - before.toServer, toClient - before.toClient);
    }
  }

  /** Of all connections since the last {@link #disconnect()}, in the order in which they came. */
  public final synchronized List<Traffic> traffic() {
    return links.stream().map(link -> new Traffic(link.sent.get(), link.delivered.get())).toList();
  }

  /** Counts them anew. */
  final synchronized void forgetConnections() {
    connections = 0;
  }

  /** Holds all bytes back, both ways. */
  public final synchronized void pause() {
    paused = true;
  }

  /** Lets them go. */
  public final synchronized void resume() {
    paused = false;
    notifyAll();
  }

  /** The next reply of Redis, and what comes with it, is dropped and its connection is closed. */
  public final synchronized void loseNextReply() {
    nextReply = ReplyFault.LOSE;
    faults = 1;
  }

  /** The next reply that begins is dropped; the connection goes on. */
  public final synchronized void swallowNextReply() {
    swallowNextReplies(1);
  }

  /** The same with several, one after the other. */
  public final synchronized void swallowNextReplies(int count) {
    nextReply = ReplyFault.SWALLOW;
    faults = count;
  }

  /** The next reply that begins is delivered twice. */
  public final synchronized void duplicateNextReply() {
    nextReply = ReplyFault.DUPLICATE;
    faults = 1;
  }

  /** While true, new connections are closed at once. */
  public final synchronized void refuse(boolean refusing) {
    this.refusing = refusing;
  }

  /** While true, nobody is there: all connections are reset and new ones closed at once. */
  public final void down(boolean down) {
    refuse(down);
    if (down) {
      disconnect();
    }
  }

  /** While true, all bytes are lost and connections stay open. */
  public final synchronized void blackHole(boolean losingAll) {
    this.losingAll = losingAll;
  }

  /**
   * Every burst waits so long in each direction; what comes meanwhile waits for its own turn. Zero
   * takes it back.
   */
  public final synchronized void latency(Duration latency) {
    latencyMillis = latency.toMillis();
  }

  /** No more than so many bytes a second in each direction of a connection; 0 takes it back. */
  public final synchronized void bandwidth(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Bytes come in pieces of this size with a pause behind each; size 0 takes it back. */
  public final synchronized void slice(int size, Duration pause) {
    sliceSize = size;
    slicePauseMillis = pause.toMillis();
  }

  /**
   * A connection is reset when Redis has sent so many bytes on it, in the middle of a reply if it
   * falls there; {@code Long.MAX_VALUE} takes it back.
   */
  public final synchronized void limitData(long bytes) {
    limit = bytes;
  }

  /** When one side of a connection goes, the other hears of it so much later. */
  public final synchronized void slowClose(Duration delay) {
    closeDelayMillis = delay.toMillis();
  }

  /** Takes all faults back. Connections that were cut stay cut. */
  public final synchronized void heal() {
    nextReply = null;
    refusing = false;
    losingAll = false;
    latencyMillis = 0;
    bytesPerSecond = 0;
    sliceSize = 0;
    limit = Long.MAX_VALUE;
    closeDelayMillis = 0;
    resume();
  }

  /** Resets all connections. */
  public final synchronized void disconnect() {
    links.forEach(Link::reset);
    links.clear();
  }

  @Override
  public final void close() {
    close(listener);
    disconnect();
    heal();
  }

  /** Bytes are about to be delivered; called with this proxy locked. */
  void delivers(boolean fromClient, byte[] bytes, int from, int to) {}

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (isRefusing()) {
          client.setSoLinger(true, 0);
          client.close();
          continue;
        }
        Link link = new Link(client);
        synchronized (this) {
          links.add(link);
          connections++;
        }
        thread("to-server", () -> link.pump(true));
        thread("to-client", () -> link.pump(false));
      } catch (IOException e) {
        // The listener was closed, or Redis is down: the client sees a closed connection.
      }
    }
  }

  private synchronized boolean isRefusing() {
    return refusing;
  }

  private synchronized boolean isLosingAll() {
    return losingAll;
  }

  private synchronized void awaitResumed() throws InterruptedException {
    while (paused) {
      wait();
    }
  }

  private synchronized @Nullable ReplyFault takeReplyFault() {
    ReplyFault fault = nextReply;
    faults--;
    if (faults <= 0) {
      nextReply = null;
    }
    return fault;
  }

  private synchronized boolean hasReplyFault() {
    return nextReply != null;
  }

  private synchronized long limit() {
    return limit;
  }

  private synchronized long closeDelay() {
    return closeDelayMillis;
  }

  private synchronized void tell(boolean fromClient, byte[] bytes, int from, int to) {
    delivers(fromClient, bytes, from, to);
  }

  /** How large the next piece may be and how long to wait behind it. */
  private synchronized Pace pace(int available) {
    int size = sliceSize > 0 ? Math.min(sliceSize, available) : available;
    long pause = sliceSize > 0 ? slicePauseMillis : 0;
    if (bytesPerSecond > 0) {
      size = (int) Math.max(1, Math.min(size, bytesPerSecond / 20));
      pause += TimeUnit.SECONDS.toMillis(size) / bytesPerSecond;
    }
    return new Pace(size, pause);
  }

  private synchronized long latencyMillis() {
    return latencyMillis;
  }

  private record Pace(int size, long pauseMillis) {}

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The connection is to be reset. */
  private static final class CutException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private final ReplyBoundaries replies = new ReplyBoundaries();
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private boolean unread;
    private @Nullable ReplyFault current;

    Link(Socket client) throws IOException {
      this.client = client;
      try {
        this.server = new Socket(InetAddress.getByName("127.0.0.1"), target);
      } catch (IOException e) {
        client.setSoLinger(true, 0);
        client.close();
        throw e;
      }
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void pump(boolean fromClient) {
      byte[] buffer = new byte[64 * 1024];
      try {
        InputStream in = (fromClient ? client : server).getInputStream();
        OutputStream out = (fromClient ? server : client).getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          awaitResumed();
          TimeUnit.MILLISECONDS.sleep(latencyMillis());
          if (fromClient) {
            deliver(true, out, buffer, 0, n);
          } else {
            deliverReplies(out, buffer, n);
          }
        }
        TimeUnit.MILLISECONDS.sleep(closeDelay());
        if (!ended.compareAndSet(false, true)) {
          reset();
        } else {
          (fromClient ? server : client).shutdownOutput();
        }
        return;
      } catch (IOException | CutException e) {
        // One side is gone: so is the other, below.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      reset();
    }

    /** As they came, or by single replies while one of them is to be tampered with. */
    private void deliverReplies(OutputStream out, byte[] bytes, int length)
        throws IOException, CutException, InterruptedException {
      int unsent = 0;
      int at = isUnread(bytes[0]) ? length : 0;
      while (at < length) {
        if (replies.atStart() && hasReplyFault() && bytes[at] != '>') {
          deliver(false, out, bytes, unsent, at);
          unsent = at;
          current = takeReplyFault();
          if (current == ReplyFault.LOSE) {
            close(client);
            throw new CutException();
          }
        }
        at = replies.advance(bytes, at, length);
        if (current != null) {
          tamper(out, bytes, unsent, at);
          unsent = at;
        }
      }
      deliver(false, out, bytes, unsent, length);
    }

    /** TLS and the protocol of a database have no replies to find, whatever comes later. */
    private boolean isUnread(byte first) {
      unread |= delivered.get() == 0 && REPLY_TYPES.indexOf(first) < 0;
      return unread;
    }

    private void tamper(OutputStream out, byte[] bytes, int from, int to)
        throws IOException, CutException, InterruptedException {
      if (current == ReplyFault.DUPLICATE) {
        copy.write(bytes, from, to - from);
        deliver(false, out, bytes, from, to);
      }
      if (replies.atStart()) {
        deliver(false, out, copy.toByteArray(), 0, copy.size());
        copy.reset();
        current = null;
      }
    }

    private void deliver(boolean fromClient, OutputStream out, byte[] bytes, int from, int to)
        throws IOException, CutException, InterruptedException {
      long allowed = fromClient ? to - from : Math.min(to - from, limit() - delivered.get());
      int end = from + (int) Math.max(0, allowed);
      if (from < end && !isLosingAll()) {
        tell(fromClient, bytes, from, end);
        for (int at = from; at < end; ) {
          Pace pace = pace(end - at);
          out.write(bytes, at, pace.size());
          at += pace.size();
          TimeUnit.MILLISECONDS.sleep(pace.pauseMillis());
        }
        (fromClient ? sent : delivered).addAndGet(end - from);
      }
      if (end < to) {
        throw new CutException();
      }
    }

    /** Closes both sides without the courtesy of a FIN. */
    void reset() {
      for (Socket socket : List.of(client, server)) {
        try {
          socket.setSoLinger(true, 0);
          socket.close();
        } catch (IOException e) {
          // Closed already.
        }
      }
    }
  }
}
