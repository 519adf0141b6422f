package dev.holdfast.redis;

import dev.holdfast.redis.client.Faults;
import dev.holdfast.redis.client.Link;
import dev.holdfast.redis.client.OwnThreads;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.redis.client.Topology;
import dev.holdfast.store.EndedSessions;
import dev.holdfast.text.Loggers;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The channel on which destroy.lua publishes what it has ended: {@code <node> <locator>}, and
 * line.lua to whom a lock is handed: {@code lock <token>}. It has a connection of its own, because
 * a connection that subscribes takes no other commands; in a Cluster any server will do, because
 * servers pass messages on. A lost connection is replaced 50 to 500 ms later (jitter, so that nodes
 * do not come back in step), and nothing depends on it meanwhile. TCP keep-alive finds a dead
 * connection that was never closed, within a minute.
 */
final class EndedChannel implements EndedSessions {
  private static final Logger LOG = Loggers.of(EndedChannel.class);

  /** With what the messages of line.lua begin. */
  private static final String LOCK = "lock ";

  private static final long MIN_PAUSE_MILLIS = 50;
  private static final long MAX_PAUSE_MILLIS = 500;
  private static final long LOOK_MILLIS = 250;

  private final Redis redis;
  private final String app;
  private final String channel;
  private final String self;
  private final Consumer<String> handed;
  private @Nullable Thread thread;
  private volatile boolean closed;

  /**
   * @param self what this node's own messages begin with
   * @param handed is told the token of each to whom a lock is handed, on any node
   */
  EndedChannel(Redis redis, String app, String channel, String self, Consumer<String> handed) {
    this.redis = redis;
    this.app = app;
    this.channel = channel;
    this.self = self;
    this.handed = handed;
  }

  @Override
  public synchronized void listen(Consumer<String> ended, Runnable doubt, Runnable again) {
    if (thread == null && !closed) {
      thread = OwnThreads.start(app + "-redis-ended", () -> keepListening(ended, doubt, again));
    }
  }

  private void keepListening(Consumer<String> ended, Runnable doubt, Runnable again) {
    try {
      while (!closed) {
        try {
          listenOnce(ended, again);
        } catch (ExecutionException | TimeoutException | RuntimeException | LinkageError e) {
          LOG.log(Level.DEBUG, "Not subscribed to {0}: {1}", channel, Faults.reason(e));
        }
        doubt.run();
        TimeUnit.MILLISECONDS.sleep(
            ThreadLocalRandom.current().nextLong(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS + 1));
      }
    } catch (InterruptedException e) {
      // Told to end.
    }
  }

  private void listenOnce(Consumer<String> ended, Runnable again)
      throws InterruptedException, ExecutionException, TimeoutException {
    Topology topology = redis.topology();
    Link any = topology.any().get(redis.timeout().toMillis(), TimeUnit.MILLISECONDS);
    StatefulRedisPubSubConnection<String, String> connection =
        topology.dialer.pubSub(any.address());
    try {
      connection.addListener(
          new RedisPubSubAdapter<String, String>() {
            @Override
            public void message(String from, String message) {
              int blank = message.indexOf(' ');
              if (message.startsWith(LOCK)) {
                handed.accept(message.substring(LOCK.length()));
              } else if (blank > 0 && !message.substring(0, blank).equals(self)) {
                ended.accept(message.substring(blank + 1));
              }
            }
          });
      Object unused =
          connection
              .async()
              .subscribe(channel)
              .toCompletableFuture()
              .get(redis.timeout().toMillis(), TimeUnit.MILLISECONDS);
      again.run();
      while (!closed && connection.isOpen()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } finally {
      topology.dialer.discard(connection);
    }
  }

  /** Ends the thread, and waits for it for two seconds at most. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
    }
    if (running != null) {
      running.interrupt();
      try {
        running.join(TimeUnit.SECONDS.toMillis(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
