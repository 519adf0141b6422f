package dev.holdfast.redis;

import dev.holdfast.config.RedisSettings;
import io.lettuce.core.RedisURI;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps at most one connection and at most one attempt to make one.
 *
 * <p>Nothing happens before the first {@link #link}. It starts a thread that connects, and
 * everybody who asks meanwhile shares the outcome. If that first attempt fails, {@link #link}
 * answers the failure at once from then on, while the thread goes on trying, 50 to 500 ms apart
 * (full jitter, so that the nodes of a site do not come back in step), and ends when it has
 * succeeded. So nobody waits for a Redis that is known to be down, and the site heals without a
 * request having to.
 *
 * <p>A lost connection is replaced in the same way, not by Lettuce's own reconnect: a new one is
 * handed out only when its handshake is complete (authentication, scripts, clock), a command in
 * flight is never sent a second time, and the address is resolved anew.
 */
final class RedisConnector implements Topology {
  private static final Logger LOG = System.getLogger(RedisConnector.class.getName());
  private static final long MIN_PAUSE_MILLIS = 50;
  private static final long MAX_PAUSE_MILLIS = 500;
  private static final Duration CLOSING = Duration.ofSeconds(8);

  private final RedisSettings settings;
  private final String app;
  private final RedisURI uri;
  private final Object lock = new Object();

  /** The current connection, the first attempt in progress, or the failure of the last one. */
  private volatile @Nullable CompletableFuture<Link> current;

  private volatile @Nullable RedisClock clock;
  private @Nullable LettuceClient client;
  private @Nullable Thread connecting;
  private boolean closed;

  RedisConnector(RedisSettings settings, String app) {
    this.settings = settings;
    this.app = app;
    this.uri = RedisURI.create(settings.uri());
  }

  @Override
  public String address() {
    return uri.getHost() + ":" + uri.getPort();
  }

  @Override
  public @Nullable RedisClock clock() {
    return clock;
  }

  @Override
  public String state() {
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
    return now.join().isOpen() ? "connected" : "connection lost";
  }

  @Override
  public CompletableFuture<Link> link(byte[] key) {
    return any();
  }

  @Override
  public CompletableFuture<Link> follow(Redirect redirect, Link from) {
    return CompletableFuture.failedFuture(
        new IllegalStateException(
            "it belongs to a Cluster, and redis.uri names one server; write redis-cluster://"));
  }

  @Override
  public CompletableFuture<Link> any() {
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
      current = attempt;
      connecting = OwnThreads.start(app + "-redis-connect", () -> connect(attempt));
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
        Link link = client().connect(this);
        synchronized (lock) {
          if (closed) {
            link.abandon();
            return;
          }
          clock = link.clock();
          current = CompletableFuture.completedFuture(link);
        }
        LOG.log(Level.INFO, "Connected to Redis at {0}", address());
        first.complete(link);
        return;
      } catch (InterruptedException e) {
        return;
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
              address(),
              Faults.reason(e),
              MAX_PAUSE_MILLIS);
        }
        first.completeExceptionally(e);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(
            ThreadLocalRandom.current().nextLong(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS + 1));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private LettuceClient client() {
    synchronized (lock) {
      if (client == null) {
        client = new LettuceClient(settings, uri, app);
      }
      return client;
    }
  }

  /** Ends the connection and every thread. Waits for them, on a thread of its own. */
  @Override
  public void close() {
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
    if (last != null) {
      last.completeExceptionally(new IllegalStateException("the store is closed"));
    }
    Thread closing = OwnThreads.start(app + "-redis-close", () -> shutDown(attempt));
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

  private void shutDown(@Nullable Thread attempt) {
    try {
      if (attempt != null) {
        attempt.interrupt();
        attempt.join(settings.connectTimeout().plus(settings.timeout()).toMillis());
      }
      LettuceClient opened;
      synchronized (lock) {
        opened = client;
      }
      if (opened != null) {
        opened.close();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.WARNING, "Interrupted while closing the client of Redis at {0}", address());
    }
  }
}
