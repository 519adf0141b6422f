package dev.holdfast.redis.client;

import dev.holdfast.api.SessionStoreUnavailableException;
import dev.holdfast.config.Durability;
import dev.holdfast.config.DurableWrites;
import dev.holdfast.config.RedisSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.metrics.Gauge;
import dev.holdfast.metrics.Metrics;
import dev.holdfast.store.ServerHealth;
import dev.holdfast.store.TimeBudget;
import dev.holdfast.text.Loggers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Redis, whatever servers it consists of, shared by all stores of one application. A caller that
 * waits takes a {@link #turn}; one that does not calls {@link #send} and attaches to the replies.
 * Every key finds its own server, so several keys need no common hash slot; a script still takes
 * one.
 */
public final class Redis implements AutoCloseable {
  private static final Logger LOG = Loggers.of(Redis.class);

  private final RedisSettings settings;
  private final Topology topology;
  private final Bulkhead bulkhead;
  private final Unavailability unavailable;
  private final DurableLanes durable = new DurableLanes();
  private final Metrics metrics;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The longest that an attempt to connect may take. */
  private final long attemptMillis;

  /**
   * Creates the access of one application, whose name the threads carry.
   *
   * @param loader of the application
   * @param scripts makes the calls that load the scripts; each may take the given time
   * @param invalidations is told of changes of keys; null when nobody wants to know
   * @param metrics is told of each wait, and of the connections
   */
  public Redis(
      Settings application,
      ClassLoader loader,
      Function<Duration, List<Call<?>>> scripts,
      @Nullable Invalidations invalidations,
      Metrics metrics) {
    this.metrics = metrics;
    this.settings = application.redis();
    this.attemptMillis =
        settings
            .connectTimeout()
            .plus(settings.timeout())
            .plus(LettuceClient.CLASS_LOADING.multipliedBy(2))
            .toMillis();
    this.topology =
        topology(
            new Dialer(
                settings,
                application.app(),
                RedisAddress.of(settings.uri()),
                loader,
                scripts,
                invalidations));
    this.bulkhead = new Bulkhead(settings.concurrency());
    this.unavailable = new Unavailability(topology, bulkhead);
    metrics.gauge(
        new Gauge(
            "RedisServersConnected",
            "Servers of Redis that this node is connected to; 0: requests that need a session are"
                + " answered 503.",
            "servers",
            topology::connected));
    metrics.gauge(
        new Gauge(
            "RedisServersSilent",
            "Servers of Redis that are connected and have not answered for `redis.timeout`: one"
                + " call at a time finds out whether they still are, the others are answered 503"
                + " at once.",
            "servers",
            topology::silent));
    metrics.gauge(
        new Gauge("RedisCallers", "Callers that wait for Redis now.", "callers", bulkhead::taken));
  }

  /** The topology that {@code redis.uri} names. */
  private static Topology topology(Dialer dialer) {
    return switch (dialer.address().kind()) {
      case SERVER -> new OneServer(dialer);
      case SENTINEL -> new SentinelGroup(dialer);
      case CLUSTER -> new Cluster(dialer);
    };
  }

  /** How long one reply may take. */
  public Duration timeout() {
    return settings.timeout();
  }

  /** How long one reply may take that is worth waiting for, such as that to a login or a logout. */
  public Duration patience() {
    return settings.timeout().multipliedBy(2);
  }

  /** Whether a write counts as saved only when a replica has it. */
  public boolean isDurable(boolean login) {
    return settings.durability() == Durability.REPLICA
        && (login || settings.durableWrites() == DurableWrites.ALL);
  }

  public Topology topology() {
    return topology;
  }

  /** Redis's clock, or this machine's before the first connection. */
  public Instant now() {
    RedisClock clock = topology.clock();
    return clock == null ? Instant.now() : Instant.ofEpochMilli(clock.now());
  }

  /** Waits for the first attempt to connect, if nobody has tried yet. */
  public void ensureAvailable() {
    Link unused = await("connecting", System.nanoTime(), topology.any());
  }

  /** As {@link #ensureAvailable()}, for the server of a key. */
  public void ensureAvailable(byte[] key) {
    Link unused = await("connecting", System.nanoTime(), topology.link(key, Lane.SHARED));
  }

  /**
   * Has any server answer, within one timeout even if it has to be connected first. Takes no place
   * among the callers, so it tells of Redis and not of how busy this node is.
   *
   * @throws SessionStoreUnavailableException when none does
   */
  public void ping() {
    String operation = "ping";
    long start = System.nanoTime();
    if (closed.get()) {
      throw unavailable.notConnected(
          operation, start, new IllegalStateException("the store is closed"));
    }
    long limit = settings.timeout().toNanos();
    @Nullable Call<List<Object>> call = null;
    try {
      Link link = topology.any().get(limit, TimeUnit.NANOSECONDS);
      if (!link.admits()) {
        throw unavailable.silent(operation, link);
      }
      long left = Math.max(1_000_000, start + limit - System.nanoTime());
      call = Call.time(Duration.ofNanos(left));
      Call.send(link, List.of(call));
      List<Object> unused = call.reply().get(left, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable.interrupted(operation, start);
    } catch (TimeoutException e) {
      if (call == null) {
        throw unavailable.notConnected(operation, start, e);
      }
      call.giveUp();
      throw unavailable.failed(operation, start, null);
    } catch (ExecutionException | CancellationException e) {
      throw unavailable.failed(operation, start, Faults.unwrap(e));
    } finally {
      metrics.waited(operation, System.nanoTime() - start);
    }
  }

  /**
   * The servers that have keys, each connected.
   *
   * @throws SessionStoreUnavailableException when one of them cannot be reached
   */
  public List<InspectedServer> inspected() {
    long start = System.nanoTime();
    return await("connecting", start, topology.primaries()).stream()
        .map(link -> new InspectedServer(topology, link, settings.timeout()))
        .toList();
  }

  /**
   * Takes a turn that lasts no longer than {@code limit} and than the caller's request may still
   * wait, not counting the time to connect.
   *
   * @param operation a word for messages
   * @param key the first key it is about, whose server must be connected
   */
  public Turn turn(String operation, Duration limit, byte[] key) {
    long start = System.nanoTime();
    if (closed.get()) {
      throw unavailable.notConnected(
          operation, start, new IllegalStateException("the store is closed"));
    }
    Link link = await(operation, start, topology.link(key, Lane.SHARED));
    if (!link.admits()) {
      throw unavailable.silent(operation, link);
    }
    takePlace(operation, limit);
    Duration within = TimeBudget.within(limit);
    if (within.isZero()) {
      bulkhead.leave();
      throw unavailable.overBudget(operation, settings.requestTimeout());
    }
    return new Turn(operation, start, within, topology, bulkhead, durable, unavailable, metrics);
  }

  private void takePlace(String operation, Duration limit) {
    long start = System.nanoTime();
    try {
      if (!bulkhead.enter(TimeBudget.within(limit).toNanos())) {
        throw unavailable.crowded(operation, start);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable.interrupted(operation, start);
    } finally {
      TimeBudget.spentSince(start);
    }
  }

  /** Sends {@code calls}, which are about {@code key}, as one packet, and does not wait. */
  public void send(byte[] key, List<? extends Call<?>> calls) {
    send(key, Lane.SHARED, calls);
  }

  /** Sends calls on another connection, an index of {@link Lane}. */
  public void send(byte[] key, int lane, List<? extends Call<?>> calls) {
    topology.send(key, lane, calls);
  }

  /** The exception that tells a caller of a call that was sent outside a turn and failed. */
  public SessionStoreUnavailableException failed(
      String operation, long since, @Nullable Throwable failure) {
    return unavailable.failed(operation, since, failure);
  }

  /** The connection to the server that has {@code key} now; null when there is none. */
  public @Nullable Link open(byte[] key) {
    CompletableFuture<Link> link = topology.link(key, Lane.SHARED);
    return link.isDone() && !link.isCompletedExceptionally() ? link.join() : null;
  }

  /** Gives up the connections on which {@code key} may have been read. */
  public void distrust(byte[] key) {
    topology.distrust(key);
  }

  /**
   * Waits only while the first attempt to connect is under way. The attempt limits itself; the
   * limit here is a safeguard.
   */
  private <T> T await(String operation, long start, CompletableFuture<T> link) {
    try {
      return link.get(attemptMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable.interrupted(operation, start);
    } catch (ExecutionException e) {
      throw unavailable.notConnected(operation, start, Faults.unwrap(e));
    } catch (CancellationException | TimeoutException e) {
      throw unavailable.notConnected(operation, start, e);
    }
  }

  /**
   * Asks every server that is connected for its time, all at once, and says how long each took.
   * Takes no place among the callers, so that it also tells what a crowd waits for. Waits for
   * {@link #timeout} at most.
   */
  public List<ServerHealth> health() {
    return new AnswerTimes(settings.timeout()).of(topology.servers());
  }

  /** Lets waiting callers finish, then ends connections and threads. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!bulkhead.drain(settings.timeout().toMillis())) {
        LOG.log(
            Level.WARNING, "{0} callers still wait for Redis while it is closed", bulkhead.taken());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    topology.close();
  }
}
