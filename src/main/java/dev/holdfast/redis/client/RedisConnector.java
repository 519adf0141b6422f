package dev.holdfast.redis.client;

import dev.holdfast.config.RedisSettings;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps at most one connection and at most one attempt to make one.
 *
 * <p>Nothing happens before the first {@link #link()}. It starts a thread that connects, and
 * everybody who asks meanwhile shares the outcome. If that first attempt fails, {@link #link()}
 * answers the failure at once from then on, while the thread goes on trying, 50 to 500 ms apart
 * (full jitter, so that the nodes of a site do not come back in step), and ends when it has
 * succeeded. So nobody waits for a Redis that is known to be down, and the site recovers without
 * the help of a request. Nor does anybody wait for a Redis whose connection was given up because it
 * was silent.
 *
 * <p>A lost connection is replaced in the same way, not by Lettuce's own reconnect: a new one is
 * handed out only when its handshake is complete (authentication, scripts, clock), a command in
 * flight is never sent a second time, and the address is resolved anew.
 */
final class RedisConnector {
  static final long MIN_PAUSE_MILLIS = 50;
  static final long MAX_PAUSE_MILLIS = 500;
  private static final Logger LOG = Loggers.of(RedisConnector.class);

  private final RedisSettings settings;
  private final String thread;
  private final String address;
  private final Dial dial;
  private final Runnable onFailure;
  private final Object lock = new Object();

  /** The current connection, the first attempt in progress, or the failure of the last one. */
  private volatile @Nullable CompletableFuture<Link> current;

  private volatile @Nullable RedisClock clock;
  private @Nullable Thread connecting;
  private boolean closed;

  /** Opens a connection; decides anew each time to which server. */
  interface Dial {
    /** Connects, on a thread that may block; limits itself in time. */
    Link dial() throws InterruptedException, ExecutionException, TimeoutException;
  }

  /**
   * @param app names the thread
   * @param address for messages
   * @param onFailure is told of every attempt that failed, on the connecting thread
   */
  RedisConnector(
      RedisSettings settings, String app, String address, Dial dial, Runnable onFailure) {
    this.settings = settings;
    this.thread = app + "-redis-connect";
    this.address = address;
    this.dial = dial;
    this.onFailure = onFailure;
  }

  /** The state of the connection, for a message. */
  String state() {
    CompletableFuture<Link> now = current;
    if (now == null) {
      return "never connected";
    }
    if (!now.isDone()) {
      return "connecting";
    }
    if (now.isCompletedExceptionally()) {
      return "not connected";
    }
    Link link = now.join();
    return link.isOpen() ? link.state() : "connection lost";
  }

  /** The clock of the last server, or null before the first. */
  @Nullable RedisClock clock() {
    return clock;
  }

  /** The open connection, if there is one; never starts to connect. */
  @Nullable Link open() {
    CompletableFuture<Link> now = current;
    if (now == null || !now.isDone() || now.isCompletedExceptionally()) {
      return null;
    }
    Link link = now.join();
    return link.isOpen() ? link : null;
  }

  /** The connection, one in the making, or the failure to make one. */
  CompletableFuture<Link> link() {
    CompletableFuture<Link> now = current;
    if (now != null && !isLost(now)) {
      return now;
    }
    synchronized (lock) {
      now = current;
      if (now != null && !isLost(now)) {
        return now;
      }
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("the store is closed"));
      }
      CompletableFuture<Link> attempt = new CompletableFuture<>();
      if (now != null && now.join().wasSilent()) {
        // Nobody waits for a new connection that will most likely be silent too.
        attempt.completeExceptionally(
            new IllegalStateException("it was silent; a new connection is being made"));
      }
      current = attempt;
      connecting = OwnThreads.start(thread, () -> connect(attempt));
      return attempt;
    }
  }

  private static boolean isLost(CompletableFuture<Link> link) {
    return link.isDone() && !link.isCompletedExceptionally() && !link.join().isOpen();
  }

  private void connect(CompletableFuture<Link> first) {
    boolean reported = false;
    while (true) {
      try {
        Link link = dial.dial();
        synchronized (lock) {
          if (closed) {
            link.abandon();
            return;
          }
          clock = link.clock();
          current = CompletableFuture.completedFuture(link);
        }
        if (Thread.interrupted()) {
          // Too late to restart this attempt: whoever asks next starts another.
          link.abandon();
        } else if (link.lane() == Lane.SHARED) {
          LOG.log(Level.INFO, "Connected to Redis at {0}", link.address());
        }
        first.complete(link);
        return;
      } catch (InterruptedException e) {
        if (isClosed()) {
          return;
        }
        continue;
      } catch (Exception | LinkageError e) {
        synchronized (lock) {
          if (closed) {
            return;
          }
          if (first.isDone()) {
            current = CompletableFuture.failedFuture(e);
          }
        }
        if (!reported) {
          reported = true;
          LOG.log(
              Level.WARNING,
              "Redis at {0} cannot be reached ({1}); trying on every {2} ms at most",
              address,
              Faults.reason(e),
              MAX_PAUSE_MILLIS);
        }
        first.completeExceptionally(e);
        onFailure.run();
      }
      try {
        pause();
      } catch (InterruptedException e) {
        if (isClosed()) {
          return;
        }
      }
    }
  }

  /** Restarts an attempt under way at once: its server is no longer the primary. */
  void beginAnew() {
    synchronized (lock) {
      if (connecting != null && (current == null || !current.isDone() || open() == null)) {
        connecting.interrupt();
      }
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /** Sleeps between two attempts. */
  static void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(
        ThreadLocalRandom.current().nextLong(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS + 1));
  }

  /**
   * Ends the connection and the attempts; callers that wait for one get a failure. Does not wait.
   */
  void stop() {
    CompletableFuture<Link> last;
    Thread attempt;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      last = current;
      attempt = connecting;
      current = CompletableFuture.failedFuture(new IllegalStateException("the store is closed"));
    }
    if (attempt != null) {
      attempt.interrupt();
    }
    if (last != null
        && !last.completeExceptionally(new IllegalStateException("the store is closed"))
        && !last.isCompletedExceptionally()) {
      last.join().abandon();
    }
  }

  /** Waits for the thread that connects, after {@link #stop}. */
  void join() throws InterruptedException {
    Thread attempt;
    synchronized (lock) {
      attempt = connecting;
    }
    if (attempt != null) {
      attempt.join(settings.connectTimeout().plus(settings.timeout()).toMillis());
    }
  }
}
