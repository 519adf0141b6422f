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
import java.util.ArrayList;
import java.util.List;

/**
 * A TCP proxy in front of Redis. It counts <em>waits</em>: bursts of the client, however many
 * packets, that a reply follows. With one client thread at a time the count is exact; a packet sent
 * unawaited on its own counts too, for a reply follows it. The recorded bytes are those since
 * {@link #reset()}.
 *
 * <p>Faults: {@link #pause()} holds everything back, {@link #loseNextReply()} cuts the connection
 * after Redis has executed and before the client hears of it, {@link #disconnect()} resets all
 * connections, {@link #refuse(boolean)} closes new ones at once.
 */
public final class CountingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final List<Link> links = new ArrayList<>();
  private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
  private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
  private int waits;
  private int connections;
  private boolean clientSpoke;
  private boolean paused;
  private boolean losing;
  private boolean refusing;

  /** Listens on a free port of the loopback interface and forwards to {@code port} there. */
  public CountingProxy(int port) {
    this.target = port;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread("accept", this::accept);
  }

  /** The port to connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** For {@code redis.uri}. */
  public String uri() {
    return "redis://127.0.0.1:" + port();
  }

  /** Client bursts that a reply followed, since {@link #reset()}. */
  public synchronized int waits() {
    return waits;
  }

  /** Connections accepted since {@link #reset()}. */
  public synchronized int connections() {
    return connections;
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
    connections = 0;
    clientSpoke = false;
    toServer.reset();
    toClient.reset();
  }

  /** Holds all bytes back, both ways. */
  public synchronized void pause() {
    paused = true;
  }

  /** Lets them go. */
  public synchronized void resume() {
    paused = false;
    notifyAll();
  }

  /** The next bytes of Redis are dropped and their connection is reset. */
  public synchronized void loseNextReply() {
    losing = true;
  }

  /** While true, new connections are closed at once. */
  public synchronized void refuse(boolean refusing) {
    this.refusing = refusing;
  }

  /** Resets all connections. */
  public synchronized void disconnect() {
    links.forEach(Link::reset);
    links.clear();
  }

  @Override
  public void close() {
    close(listener);
    disconnect();
    resume();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (isRefusing()) {
          client.setSoLinger(true, 0);
          client.close();
          continue;
        }
        Link link = new Link(client, new Socket(InetAddress.getByName("127.0.0.1"), target));
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

  /** Counts one burst; false when it must not be delivered. */
  private synchronized boolean pass(boolean fromClient, byte[] bytes, int length) {
    while (paused) {
      try {
        wait();
      } catch (InterruptedException e) {
        return false;
      }
    }
    if (!fromClient && losing) {
      losing = false;
      return false;
    }
    (fromClient ? toServer : toClient).write(bytes, 0, length);
    if (!fromClient && clientSpoke) {
      waits++;
    }
    clientSpoke = fromClient;
    return true;
  }

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

  private final class Link {
    private final Socket client;
    private final Socket server;

    Link(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void pump(boolean fromClient) {
      byte[] buffer = new byte[64 * 1024];
      try {
        InputStream in = (fromClient ? client : server).getInputStream();
        OutputStream out = (fromClient ? server : client).getOutputStream();
        for (int n = in.read(buffer); n >= 0 && pass(fromClient, buffer, n); n = in.read(buffer)) {
          out.write(buffer, 0, n);
        }
      } catch (IOException e) {
        // One side is gone: so is the other, below.
      }
      reset();
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
