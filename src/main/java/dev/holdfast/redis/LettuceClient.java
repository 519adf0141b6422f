package dev.holdfast.redis;

import dev.holdfast.config.RedisSettings;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.TimeoutOptions.TimeoutSource;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lettuce with the options this store needs; the package's documentation gives the reasons. */
final class LettuceClient {
  /** How much longer than its settings say the first attempt may take. */
  static final Duration CLASS_LOADING = Duration.ofSeconds(5);

  private static final long SHUTDOWN_SECONDS = 2;
  private static final long EXECUTOR_SECONDS = 3;

  private final RedisSettings settings;
  private final RedisURI uri;
  private final HashedWheelTimer timer;
  private final ClientResources resources;
  private final RedisClient client;

  /** For the first attempt, which loads hundreds of classes on a machine that may be busy. */
  private volatile Duration extra = CLASS_LOADING;

  /** Those that have had a connection. */
  private final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();

  LettuceClient(RedisSettings settings, RedisURI uri, String app) {
    this.settings = settings;
    this.uri = uri;
    uri.setTimeout(settings.timeout());
    timer = new HashedWheelTimer(OwnThreads.factory(app + "-redis-timer"));
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .threadFactoryProvider(
                pool ->
                    OwnThreads.factory(app + "-redis-" + (pool.contains("oop") ? "io" : "rest")))
            .timer(timer)
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel initialized) {
                    loops.add(initialized.eventLoop());
                  }
                })
            .build();
    client = RedisClient.create(resources, uri);
    client.setOptions(options(settings));
  }

  private static ClientOptions options(RedisSettings settings) {
    return ClientOptions.builder()
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(settings.queueSize())
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(settings.connectTimeout())
                .tcpNoDelay(true)
                .keepAlive(
                    KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(13))
                        .interval(Duration.ofSeconds(13))
                        .count(3)
                        .build())
                .build())
        .timeoutOptions(
            TimeoutOptions.builder()
                .timeoutCommands()
                .timeoutSource(
                    new TimeoutSource() {
                      @Override
                      public long getTimeout(RedisCommand<?, ?, ?> command) {
                        return command instanceof Call.Attempt<?> attempt
                            ? attempt.timeoutMillis()
                            : settings.timeout().toMillis();
                      }
                    })
                .build())
        .build();
  }

  /**
   * Connects, authenticates, loads the scripts and asks Redis for the time; takes {@code
   * redis.connect-timeout} for the socket and {@code redis.timeout} for the rest, at most.
   */
  Link connect(Topology topology)
      throws InterruptedException, ExecutionException, TimeoutException {
    Duration limit = settings.connectTimeout().plus(settings.timeout()).plus(extra);
    extra = Duration.ZERO;
    long deadline = System.nanoTime() + limit.toNanos();
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opening =
        client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
    StatefulRedisConnection<byte[], byte[]> connection;
    try {
      connection = opening.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | TimeoutException e) {
      var unused = opening.thenAccept(LettuceClient::discard);
      throw e;
    }
    boolean ready = false;
    try {
      Link link = prepare(connection, topology, deadline);
      ready = true;
      return link;
    } finally {
      if (!ready) {
        discard(connection);
      }
    }
  }

  private static void discard(StatefulRedisConnection<byte[], byte[]> connection) {
    var unused = connection.closeAsync();
  }

  private Link prepare(
      StatefulRedisConnection<byte[], byte[]> connection, Topology topology, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    String address = uri.getHost() + ":" + uri.getPort();
    Link link = new Link(connection, loops, topology, address, settings.timeout());
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    List<Call<?>> calls = new ArrayList<>();
    for (Script script : Script.ALL) {
      calls.add(script.load(left));
    }
    Call<List<Object>> time = Call.time(left);
    calls.add(time);
    long sent = System.nanoTime();
    link.send(calls);
    for (Call<?> call : calls) {
      Object unused =
          call.reply().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
    List<Object> now = time.reply().get();
    link.clock()
        .observe(
            Long.parseLong(SessionHash.ascii((byte[]) now.get(0))) * 1000
                + Long.parseLong(SessionHash.ascii((byte[]) now.get(1))) / 1000,
            sent);
    return link;
  }

  /** Closes the connection and ends the threads; returns when they have ended. */
  void close() throws InterruptedException {
    client.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    boolean unused =
        resources.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).await(SHUTDOWN_SECONDS * 1000);
    timer.stop();
    try {
      boolean unusedToo =
          GlobalEventExecutor.INSTANCE.awaitInactivity(EXECUTOR_SECONDS, TimeUnit.SECONDS);
    } catch (IllegalStateException e) {
      // It was never started.
    }
  }
}
