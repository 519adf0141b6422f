package dev.holdfast.redis.client;

import dev.holdfast.text.Loggers;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The primary that Sentinels name. They are asked at each connect, in the order of {@code
 * redis.uri}, until one answers; a server that says it is a replica is refused, and the Sentinels
 * are asked again.
 *
 * <p>That is not enough: after a graceful failover the old primary accepts writes until Sentinel
 * demotes it, for ten seconds and more, and all of them are lost. So one thread keeps a
 * subscription to {@code +switch-master} at every Sentinel, and the moment one of them speaks, all
 * connections that lead elsewhere are given up. What a Sentinel said while its subscription was
 * down is made up for by asking it once the subscription stands.
 */
final class SentinelGroup extends OneServer {
  private static final Logger LOG = Loggers.of(SentinelGroup.class);
  private static final String SWITCH = "+switch-master";
  private static final long ROUND_MILLIS = 1_000;

  private final Map<ServerAddress, StatefulRedisPubSubConnection<String, String>> subscriptions =
      new HashMap<>();
  private @Nullable Thread watching;
  private volatile boolean closed;

  SentinelGroup(Dialer dialer) {
    super(dialer);
  }

  @Override
  Link dial(int lane) throws InterruptedException, ExecutionException, TimeoutException {
    watch();
    return dialer.link(primary(), this, lane, true);
  }

  /** Asks the Sentinels, one after the other. */
  private ServerAddress primary() throws InterruptedException, ExecutionException {
    Exception last = null;
    for (ServerAddress sentinel : dialer.address().servers()) {
      try {
        return primary(sentinel);
      } catch (ExecutionException | TimeoutException e) {
        last = e;
      }
    }
    throw new ExecutionException(
        new IllegalStateException(
            "no Sentinel answers which server is the primary, the last one: "
                + (last == null ? "none" : Faults.reason(last)),
            last));
  }

  private ServerAddress primary(ServerAddress sentinel)
      throws InterruptedException, ExecutionException, TimeoutException {
    StatefulRedisPubSubConnection<String, String> connection = dialer.sentinel(sentinel);
    try {
      List<String> answer =
          connection
              .async()
              .dispatch(
                  CommandType.SENTINEL,
                  new ValueListOutput<>(StringCodec.UTF8),
                  new CommandArgs<>(StringCodec.UTF8)
                      .add("get-master-addr-by-name")
                      .add(dialer.address().primary()))
              .toCompletableFuture()
              .get(dialer.settings().timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (answer.size() != 2) {
        throw new ExecutionException(
            new IllegalStateException(
                "the Sentinel at "
                    + sentinel
                    + " knows no primary named "
                    + dialer.address().primary()
                    + "; write the name behind the # of redis.uri"));
      }
      return new ServerAddress(answer.get(0), Integer.parseInt(answer.get(1)));
    } finally {
      dialer.discard(connection);
    }
  }

  private synchronized void watch() {
    if (watching == null && !closed) {
      watching = OwnThreads.start(dialer.app() + "-redis-sentinel", this::keepSubscribed);
    }
  }

  private void keepSubscribed() {
    try {
      while (!closed) {
        for (ServerAddress sentinel : dialer.address().servers()) {
          StatefulRedisPubSubConnection<String, String> now = subscriptions.get(sentinel);
          if (now == null || !now.isOpen()) {
            subscribe(sentinel);
          }
        }
        TimeUnit.MILLISECONDS.sleep(ROUND_MILLIS);
      }
    } catch (InterruptedException e) {
      // Told to end.
    }
  }

  private void subscribe(ServerAddress sentinel) throws InterruptedException {
    try {
      StatefulRedisPubSubConnection<String, String> connection = dialer.sentinel(sentinel);
      subscriptions.put(sentinel, connection);
      connection.addListener(
          new RedisPubSubAdapter<String, String>() {
            @Override
            public void message(String channel, String message) {
              heard(message);
            }
          });
      Object unused =
          connection
              .async()
              .subscribe(SWITCH)
              .toCompletableFuture()
              .get(dialer.settings().timeout().toMillis(), TimeUnit.MILLISECONDS);
      server().leaveAllBut(primary(sentinel));
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(
          Level.DEBUG,
          "No subscription at the Sentinel {0}: {1}; trying again",
          sentinel,
          Faults.reason(e));
      var failed = subscriptions.remove(sentinel);
      if (failed != null) {
        dialer.discard(failed);
      }
    }
  }

  /** {@code <name> <old host> <old port> <new host> <new port>}. */
  private void heard(String message) {
    String[] words = message.split(" ", -1);
    if (words.length == 5 && words[0].equals(dialer.address().primary())) {
      ServerAddress primary = new ServerAddress(words[3], Integer.parseInt(words[4]));
      LOG.log(Level.INFO, "Sentinel has made {0} the primary of {1}", primary, words[0]);
      server().leaveAllBut(primary);
    }
  }

  @Override
  void stop() {
    synchronized (this) {
      closed = true;
      if (watching != null) {
        watching.interrupt();
      }
    }
    super.stop();
  }

  @Override
  void join() throws InterruptedException {
    Thread watch;
    synchronized (this) {
      watch = watching;
    }
    if (watch != null) {
      watch.join(dialer.settings().connectTimeout().plus(dialer.settings().timeout()).toMillis());
    }
    super.join();
  }
}
