package dev.holdfast.redis;

import dev.holdfast.config.RedisSettings;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections that are ready for use: authenticated, scripts loaded, clock read, and, where
 * only a primary will do, known to be one. Starts the client at the first.
 */
final class Dialer {
  private final RedisSettings settings;
  private final String app;
  private final RedisAddress address;
  private final @Nullable Supplier<RedisCredentials> credentials;
  private @Nullable LettuceClient client;

  /**
   * @param loader of the application, which may bring the class that gives user and password
   * @throws IllegalArgumentException when that class cannot be used
   */
  Dialer(RedisSettings settings, String app, RedisAddress address, ClassLoader loader) {
    this.settings = settings;
    this.app = app;
    this.address = address;
    this.credentials = Credentials.source(settings, loader);
  }

  RedisSettings settings() {
    return settings;
  }

  RedisAddress address() {
    return address;
  }

  /** Prefix of thread names. */
  String app() {
    return app;
  }

  /**
   * Connects to {@code server}; takes {@code redis.connect-timeout} for the socket and {@code
   * redis.timeout} for the rest, at most.
   *
   * @param primaryOnly refuse a replica, whose data may be old
   */
  Link link(ServerAddress server, Topology topology, int lane, boolean primaryOnly)
      throws InterruptedException, ExecutionException, TimeoutException {
    RedisURI uri = uri(server);
    LettuceClient opened = client();
    Duration limit = opened.patience();
    long deadline = System.nanoTime() + limit.toNanos();
    StatefulRedisConnection<byte[], byte[]> connection = opened.connect(uri, limit);
    boolean ready = false;
    try {
      Link link = new Link(connection, opened, topology, server, lane, settings.timeout());
      prepare(link, deadline, primaryOnly);
      ready = true;
      return link;
    } finally {
      if (!ready) {
        opened.discard(connection);
      }
    }
  }

  /** With user and password of now: Lettuce would ask on a thread that serves connections. */
  private RedisURI uri(ServerAddress server) throws ExecutionException {
    RedisURI uri = address.uri(server);
    if (credentials != null) {
      try {
        uri.setCredentialsProvider(Credentials.atHand(credentials.get()));
      } catch (UnusableCredentialsException e) {
        throw new ExecutionException(e);
      }
    }
    return uri;
  }

  private static void prepare(Link link, long deadline, boolean primaryOnly)
      throws InterruptedException, ExecutionException, TimeoutException {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    Call<List<Object>> hello = Call.list(CommandType.HELLO, Call.args(), left);
    Call<List<Object>> time = Call.time(left);
    List<Call<?>> calls = new ArrayList<>();
    if (primaryOnly) {
      calls.add(hello);
    }
    for (Script script : Script.ALL) {
      calls.add(script.load(left));
    }
    calls.add(time);
    long sent = System.nanoTime();
    link.send(calls);
    for (Call<?> call : calls) {
      Object unused =
          call.reply().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (call == hello && isReplica(hello.reply().get())) {
        throw new ExecutionException(
            new IllegalStateException("it is a replica, whose sessions may be old"));
      }
    }
    link.clock().observe(RedisClock.millis(time.reply().get()), sent);
  }

  /** By the reply of HELLO, which every user may ask; ROLE would need a right of its own. */
  private static boolean isReplica(List<Object> hello) {
    for (int i = 0; i + 1 < hello.size(); i += 2) {
      if (hello.get(i) instanceof byte[] name
          && hello.get(i + 1) instanceof byte[] value
          && SessionHash.ascii(name).equals("role")) {
        String role = SessionHash.ascii(value).toLowerCase(Locale.ROOT);
        return role.equals("replica") || role.equals("slave");
      }
    }
    return false;
  }

  /** A connection for subscriptions to a server, as the store's own user. */
  StatefulRedisPubSubConnection<String, String> pubSub(ServerAddress server)
      throws InterruptedException, ExecutionException, TimeoutException {
    return client().connectPubSub(uri(server), client().patience());
  }

  /** A connection to a Sentinel. */
  StatefulRedisPubSubConnection<String, String> sentinel(ServerAddress sentinel)
      throws InterruptedException, ExecutionException, TimeoutException {
    RedisURI uri = address.uri(sentinel);
    uri.setDatabase(0);
    uri.setClientName(null);
    RedisCredentials login =
        settings.sentinelAuth().isEmpty()
            ? RedisCredentials.just(null, (char[]) null)
            : Credentials.of(settings.sentinelAuth());
    uri.setCredentialsProvider(Credentials.atHand(login));
    return client().connectPubSub(uri, client().patience());
  }

  /** Closes a connection that this made. */
  void discard(StatefulRedisPubSubConnection<String, String> connection) {
    client().discard(connection);
  }

  private synchronized LettuceClient client() {
    if (client == null) {
      client = new LettuceClient(settings, app);
    }
    return client;
  }

  /** Closes whatever is still open, and ends the client's threads. */
  void close() throws InterruptedException {
    LettuceClient opened;
    synchronized (this) {
      opened = client;
    }
    if (opened != null) {
      opened.close();
    }
  }
}
