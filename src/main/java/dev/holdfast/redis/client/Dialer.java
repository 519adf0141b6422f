package dev.holdfast.redis.client;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.config.RedisSettings;
import dev.holdfast.text.Loggers;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections that are ready for use: authenticated, scripts loaded, clock read, and, where
 * only a primary will do, known to be one. Starts the client with the first one.
 */
public final class Dialer {
  private static final Logger LOG = Loggers.of(Dialer.class);

  /** What has been logged as missing. */
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  private final RedisSettings settings;
  private final String app;
  private final RedisAddress address;
  private final @Nullable Supplier<RedisCredentials> credentials;
  private final Function<Duration, List<Call<?>>> scripts;
  private final @Nullable Invalidations invalidations;
  private @Nullable LettuceClient client;

  /**
   * @param loader class loader of the application, which may hold the class that gives user and
   *     password
   * @param scripts makes the calls that load the scripts; each may take the given time
   * @param invalidations is told of changes of keys; null when nobody wants to know
   * @throws IllegalArgumentException when that class cannot be used
   */
  Dialer(
      RedisSettings settings,
      String app,
      RedisAddress address,
      ClassLoader loader,
      Function<Duration, List<Call<?>>> scripts,
      @Nullable Invalidations invalidations) {
    this.settings = settings;
    this.app = app;
    this.address = address;
    this.credentials = Credentials.source(settings, loader);
    this.scripts = scripts;
    this.invalidations = invalidations;
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
   * @param router knows the other servers
   * @param primaryOnly whether to refuse a replica, whose data may be old
   */
  Link link(ServerAddress server, Link.Router router, int lane, boolean primaryOnly)
      throws InterruptedException, ExecutionException, TimeoutException {
    RedisURI uri = uri(server);
    LettuceClient opened = client();
    Duration limit = opened.patience();
    long deadline = System.nanoTime() + limit.toNanos();
    StatefulRedisConnection<byte[], byte[]> connection = opened.connect(uri, limit);
    boolean ready = false;
    try {
      Link link = new Link(connection, opened, router, server, lane, settings.timeout());
      prepare(link, deadline, primaryOnly);
      ready = true;
      return link;
    } finally {
      if (!ready) {
        opened.discard(connection);
      }
    }
  }

  /** The URI with the present user and password, which Lettuce would ask for on an I/O thread. */
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

  private void prepare(Link link, long deadline, boolean primaryOnly)
      throws InterruptedException, ExecutionException, TimeoutException {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    Call<List<Object>> hello = Call.list(CommandType.HELLO, Call.args(), left);
    Call<List<Object>> time = Call.time(left);
    List<Call<?>> loads = scripts.apply(left);
    List<Call<?>> calls = new ArrayList<>(loads);
    if (primaryOnly) {
      calls.add(0, hello);
    }
    boolean wanted = invalidations != null && link.lane() == Lane.SHARED;
    List<Call<String>> tracking =
        invalidations != null && wanted ? link.track(invalidations, left) : List.of();
    calls.addAll(tracking);
    calls.add(time);
    long sent = System.nanoTime();
    Call.send(link, calls);
    if (primaryOnly) {
      requirePrimary(link, hello, deadline);
    }
    for (Call<?> load : loads) {
      if (!isKnown(load, deadline)) {
        lost(
            "SCRIPT is not a command there: scripts are sent in full when Redis has forgotten them,"
                + " which costs the first call of each a wait more");
      }
    }
    if (wanted && tracking.isEmpty()) {
      asksEachTime("the connection speaks RESP2");
    }
    for (Call<String> call : tracking) {
      try {
        await(call, deadline);
      } catch (ExecutionException e) {
        if (!(Faults.unwrap(e) instanceof RedisCommandExecutionException)) {
          throw e;
        }
        asksEachTime(Faults.reason(e));
      }
    }
    await(time, deadline);
    link.clock().observe(RedisClock.millis(time.reply().get()), sent);
  }

  private void asksEachTime(String why) {
    lost(
        "it does not tell of changes ("
            + why
            + "): each request asks whether its session has changed, as with cache=check. Tracking"
            + " needs RESP3 and the rights +client|tracking and +client|caching");
  }

  /**
   * Refuses a replica: asks by HELLO, which every user may send, or by ROLE if HELLO is renamed
   * away.
   */
  private void requirePrimary(Link link, Call<List<Object>> hello, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    boolean replica;
    if (isKnown(hello, deadline)) {
      replica = isReplica(hello.reply().get());
    } else {
      Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      Call<List<Object>> role = Call.list(CommandType.ROLE, Call.args(), left);
      Call.send(link, List.of(role));
      boolean told;
      try {
        told = isKnown(role, deadline);
      } catch (ExecutionException e) {
        if (!Faults.isForbidden(Faults.unwrap(e))) {
          throw e;
        }
        told = false;
      }
      lost(
          "HELLO is not a command there: the connection speaks RESP2"
              + (told
                  ? ", and ROLE tells a replica"
                  : ", and as ROLE is none either, or not allowed, a replica is not recognised before"
                      + " the first write"));
      replica = told && role.reply().get().get(0) instanceof byte[] name && isReplica(name);
    }
    if (replica) {
      throw new ExecutionException(
          new IllegalStateException("it is a replica, whose sessions may be old"));
    }
  }

  private static void await(Call<?> call, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    Object unused =
        call.reply().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /** Whether the server has this command; waits for its reply. */
  private static boolean isKnown(Call<?> call, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      await(call, deadline);
      return true;
    } catch (ExecutionException e) {
      if (Faults.isUnknownCommand(Faults.unwrap(e))) {
        return false;
      }
      throw e;
    }
  }

  /** Logs, once, what a server cannot do. */
  private void lost(String what) {
    if (said.add(what)) {
      LOG.log(Level.WARNING, "Redis at {0}: {1}", address, what);
    }
  }

  private static boolean isReplica(List<Object> hello) {
    for (int i = 0; i + 1 < hello.size(); i += 2) {
      if (hello.get(i) instanceof byte[] name
          && hello.get(i + 1) instanceof byte[] value
          && ascii(name).equals("role")) {
        return isReplica(value);
      }
    }
    return false;
  }

  private static boolean isReplica(byte[] name) {
    String role = ascii(name).toLowerCase(Locale.ROOT);
    return role.equals("replica") || role.equals("slave");
  }

  /** Opens a connection for subscriptions, as the store's own user. */
  public StatefulRedisPubSubConnection<String, String> pubSub(ServerAddress server)
      throws InterruptedException, ExecutionException, TimeoutException {
    return client().connectPubSub(uri(server), client().patience());
  }

  /** Opens a connection to a Sentinel. */
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
  public void discard(StatefulRedisPubSubConnection<String, String> connection) {
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
