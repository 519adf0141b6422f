package dev.holdfast.redis.client;

import dev.holdfast.config.RedisSettings;
import dev.holdfast.text.Loggers;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.TimeoutOptions.TimeoutSource;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.CommandEncoder;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.ExtendedKeepAliveSupport;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.ConcurrentSkipListIntObjMultimap;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Lettuce with the options this store needs; the package's documentation gives the reasons. */
final class LettuceClient {
  /** How much longer than the settings say the first attempt may take. */
  static final Duration CLASS_LOADING = Duration.ofSeconds(5);

  private static final Logger LOG = Loggers.of(LettuceClient.class);
  private static final long SHUTDOWN_SECONDS = 2;
  private static final Duration END_OF_THREADS = Duration.ofSeconds(3);
  private static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);

  static {
    FlightRecorderSwitch.off();
  }

  private final RedisSettings settings;
  private final OwnThreads threads = new OwnThreads();
  private final HashedWheelTimer timer;
  private final ClientResources resources;
  private final RedisClient client;

  /** The event loops that have had a connection. */
  private final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();

  /** Its parties are the connections that are being closed, and {@link #close}. */
  private final Phaser closing = new Phaser(1);

  /**
   * Extra time for the first attempt, which loads hundreds of classes on a machine that may be
   * busy.
   */
  private volatile Duration extra = CLASS_LOADING;

  LettuceClient(RedisSettings settings, String app) {
    this.settings = settings;
    timer = new HashedWheelTimer(threads.factory(app + "-redis-timer"));
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .threadFactoryProvider(
                pool -> threads.factory(app + "-redis-" + (pool.contains("oop") ? "io" : "rest")))
            .timer(timer)
            .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel initialized) {
                    loops.add(initialized.eventLoop());
                    initialized
                        .pipeline()
                        .replace(CommandEncoder.class, "quiet-encoder", new QuietEncoder());
                  }
                })
            .build();
    client = RedisClient.create(resources);
    client.setOptions(options(settings));
  }

  private static ClientOptions options(RedisSettings settings) {
    return ClientOptions.builder()
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(settings.queueSize())
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .sslOptions(Tls.options(settings.tls(), settings.connectTimeout()))
        .socketOptions(socketOptions(settings))
        .timeoutOptions(
            TimeoutOptions.builder()
                .timeoutCommands()
                .timeoutSource(
                    new TimeoutSource() {
                      @Override
                      public long getTimeout(RedisCommand<?, ?, ?> command) {
                        // The rest are subscriptions and questions to a Sentinel. Lettuce asks for
                        // no command of a handshake; whoever connects limits that as a whole.
                        return command instanceof Attempt<?> attempt
                            ? attempt.timeoutMillis()
                            : settings.timeout().toMillis();
                      }
                    })
                .build())
        .build();
  }

  /**
   * Sets how often the operating system checks whether the other end is there, if the module {@code
   * jdk.net} is present: a small runtime image may lack it, and a container may hide it. Without it
   * the system's own setting holds, which is two hours on most; a connection that is silent for
   * three time-outs while somebody waits is closed in any case.
   */
  private static SocketOptions socketOptions(RedisSettings settings) {
    SocketOptions.Builder options =
        SocketOptions.builder().connectTimeout(settings.connectTimeout()).tcpNoDelay(true);
    if (!ExtendedKeepAliveSupport.isSupported()) {
      LOG.log(
          Level.INFO,
          "The module jdk.net is missing, so the operating system decides how often an idle"
              + " connection to Redis is checked");
      return options.keepAlive(true).build();
    }
    Duration interval = Duration.ofSeconds(13);
    return options
        .keepAlive(
            KeepAliveOptions.builder().enable().idle(interval).interval(interval).count(3).build())
        .build();
  }

  /** The loops that connections run on. */
  Collection<EventLoop> loops() {
    return loops;
  }

  /**
   * How long connecting and the first commands on the connection may take; longer at the first
   * call.
   */
  Duration patience() {
    Duration limit = settings.connectTimeout().plus(settings.timeout()).plus(extra);
    extra = Duration.ZERO;
    return limit;
  }

  /** Connects and authenticates, within {@code limit}. */
  StatefulRedisConnection<byte[], byte[]> connect(RedisURI uri, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    // Lettuce ends a handshake after this; every command of ours has a time-out of its own.
    uri.setTimeout(limit);
    return within(
        limit, () -> client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture());
  }

  /** Opens a connection for subscriptions, within {@code limit}. */
  StatefulRedisPubSubConnection<String, String> connectPubSub(RedisURI uri, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    uri.setTimeout(limit);
    return within(
        limit, () -> client.connectPubSubAsync(StringCodec.UTF8, uri).toCompletableFuture());
  }

  private <C extends StatefulRedisConnection<?, ?>> C within(
      Duration limit, Supplier<CompletableFuture<C>> connecting)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<C> opening = connecting.get();
    try {
      return opening.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | TimeoutException e) {
      var unused = opening.thenAccept(this::discard);
      throw e;
    }
  }

  /** Closes a connection, unless it is closed already: Lettuce would warn. */
  void discard(StatefulConnection<?, ?> connection) {
    discard(connection, Runnable::run);
  }

  /** Closes a connection on {@code executor}; does nothing if that has ended. */
  void discard(StatefulConnection<?, ?> connection, Executor executor) {
    closing.register();
    try {
      executor.execute(
          () -> {
            CompletableFuture<Void> closed =
                connection.isOpen() ? connection.closeAsync() : NOTHING;
            var unused = closed.whenComplete((nothing, failure) -> closing.arriveAndDeregister());
          });
    } catch (RejectedExecutionException e) {
      // The client is being shut down, which closes the connection too.
      closing.arriveAndDeregister();
    }
  }

  /** Closes all connections and ends the threads; returns when they have ended. */
  void close() throws InterruptedException {
    awaitClosing();
    client.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    boolean unused =
        resources.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).await(SHUTDOWN_SECONDS * 1000);
    timer.stop();
    threads.awaitEnd(END_OF_THREADS);
    loadForFinalizers();
    if (GlobalEventExecutor.class.getClassLoader() == LettuceClient.class.getClassLoader()) {
      endGlobalExecutor();
    }
  }

  /**
   * Ends Netty's global executor thread, of which a container would warn: by itself it ends only
   * after a second without work. An interrupt makes it look at once.
   */
  private static void endGlobalExecutor() throws InterruptedException {
    GlobalEventExecutor executor = GlobalEventExecutor.INSTANCE;
    executor.submit(Thread::currentThread).sync().getNow().interrupt();
    boolean unused = executor.awaitInactivity(END_OF_THREADS.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Loads a class for Netty's finalizers. They free Netty's allocator when the class loader of the
   * web application loads no more, and need a class that nothing has used before (4.2.20); Tomcat
   * would log that with a stack trace.
   */
  private static void loadForFinalizers() {
    Iterator<?> unused = new ConcurrentSkipListIntObjMultimap<>(0).iterator();
  }

  /**
   * Waits for the connections that are being closed: Lettuce's shutdown would close them once more.
   */
  private void awaitClosing() throws InterruptedException {
    try {
      int unused =
          closing.awaitAdvanceInterruptibly(closing.arrive(), SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // The shutdown ends them all the same.
    }
  }
}
