package dev.holdfast.redis.client;

import static dev.holdfast.redis.client.Ascii.ascii;

import dev.holdfast.text.Loggers;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.protocol.CommandType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A Cluster: every key belongs to one of 16,384 slots, and every slot to one primary.
 *
 * <p>One thread keeps the map of slots. It asks any server with CLUSTER SLOTS: every 30 s; at once
 * when a server redirects, cannot be reached, is silent or says the Cluster is down; and a few
 * times a second as long as a slot has no reachable server. A MOVED corrects its slot on the spot.
 * Every primary has a connection before it is asked for the first time.
 *
 * <p>This is not Lettuce's Cluster client. A not-after deadline is written in the clock of the
 * server that will execute the script, and scripts are loaded and clocks read before a connection
 * is used: for both one must know which server that is, and Lettuce decides it below the call. This
 * class uses Lettuce's connections to single servers, with everything that the package says of
 * them: no command is sent again unless a redirect says that it was not executed.
 */
public final class Cluster extends Topology {
  private static final Logger LOG = Loggers.of(Cluster.class);
  private static final int SLOTS = SlotHash.SLOT_COUNT;
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final Map<ServerAddress, Server> servers = new ConcurrentHashMap<>();
  private final AtomicReferenceArray<Server> slots = new AtomicReferenceArray<>(SLOTS);

  /** Servers that no longer own a slot, and since when; they are kept while their calls end. */
  private final Map<Server, Long> retired = new HashMap<>();

  private final Object lock = new Object();

  /**
   * Null before anybody asked; then pending, done once there is a map, or the reason for having
   * none.
   */
  private volatile @Nullable CompletableFuture<Boolean> map;

  private volatile @Nullable RedisClock clock;
  private @Nullable Thread keeper;
  private boolean suspicious;
  private boolean closed;

  Cluster(Dialer dialer) {
    super(dialer);
  }

  @Override
  CompletableFuture<Link> link(byte[] key, int lane) {
    CompletableFuture<Boolean> known = map();
    if (known.isDone() && !known.isCompletedExceptionally()) {
      return owner(key, lane);
    }
    return known.thenCompose(unused -> owner(key, lane));
  }

  private CompletableFuture<Link> owner(byte[] key, int lane) {
    int slot = SlotHash.getSlot(key);
    Server server = slots.get(slot);
    if (server == null) {
      suspect();
      return CompletableFuture.failedFuture(
          new IllegalStateException("no server of the Cluster has slot " + slot));
    }
    return server.link(lane);
  }

  @Override
  public CompletableFuture<Link> follow(Redirect redirect, Link from) {
    String host = redirect.host().isEmpty() ? from.address().host() : redirect.host();
    Server target = server(new ServerAddress(host, redirect.port()));
    if (!redirect.ask()) {
      slots.set(redirect.slot(), target);
      suspect();
    }
    return target.link(from.lane());
  }

  @Override
  public CompletableFuture<Link> any() {
    return map()
        .thenCompose(
            unused -> {
              for (Server server : servers.values()) {
                if (server.open() != null) {
                  return server.link(Lane.SHARED);
                }
              }
              return slots.get(0) == null
                  ? CompletableFuture.failedFuture(
                      new IllegalStateException("no server of the Cluster is connected"))
                  : slots.get(0).link(Lane.SHARED);
            });
  }

  @Override
  CompletableFuture<List<Link>> primaries() {
    return map()
        .thenCompose(
            unused -> {
              List<CompletableFuture<Link>> links =
                  servers.values().stream()
                      .filter(this::isMapped)
                      .map(server -> server.link(Lane.SHARED))
                      .toList();
              return CompletableFuture.allOf(links.toArray(CompletableFuture<?>[]::new))
                  .thenApply(all -> links.stream().map(CompletableFuture::join).toList());
            });
  }

  private Server server(ServerAddress address) {
    return servers.computeIfAbsent(
        address,
        at ->
            new Server(
                dialer, at.toString(), lane -> dialer.link(at, this, lane, false), this::suspect));
  }

  /** Completes when there is a map; starts the thread that keeps it. */
  private CompletableFuture<Boolean> map() {
    CompletableFuture<Boolean> known = map;
    if (known != null) {
      return known;
    }
    synchronized (lock) {
      if (map == null) {
        if (closed) {
          return CompletableFuture.failedFuture(new IllegalStateException("the store is closed"));
        }
        map = new CompletableFuture<>();
        keeper = OwnThreads.start(dialer.app() + "-redis-cluster", this::keepMap);
      }
      return map;
    }
  }

  private void keepMap() {
    CompletableFuture<Boolean> first = map;
    boolean reported = false;
    try {
      while (true) {
        try {
          refresh();
          map = CompletableFuture.completedFuture(true);
          reported = false;
          if (first != null) {
            first.complete(true);
          }
        } catch (ExecutionException | TimeoutException | RuntimeException | LinkageError e) {
          if (!reported) {
            reported = true;
            LOG.log(
                Level.WARNING,
                "{0} does not tell its slots ({1}); trying on every {2} ms at most",
                address(),
                Faults.reason(e),
                RedisConnector.MAX_PAUSE_MILLIS);
          }
          if (first != null && !first.isDone()) {
            map = CompletableFuture.failedFuture(e);
            first.completeExceptionally(e);
          }
        }
        rest();
      }
    } catch (InterruptedException e) {
      // Told to end.
    }
  }

  /**
   * Waits for the next round: 30 s, half a second at most while a slot has no reachable server,
   * less when something is suspicious, but never so little that this becomes a busy loop.
   */
  private void rest() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(
        ThreadLocalRandom.current()
            .nextLong(RedisConnector.MIN_PAUSE_MILLIS, 2 * RedisConnector.MIN_PAUSE_MILLIS));
    long calm =
        isWhole()
            ? REFRESH.toMillis()
            : ThreadLocalRandom.current()
                .nextLong(RedisConnector.MIN_PAUSE_MILLIS, RedisConnector.MAX_PAUSE_MILLIS);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(calm);
    synchronized (lock) {
      long left = calm;
      while (!suspicious && left > 0) {
        lock.wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
      suspicious = false;
    }
  }

  private boolean isWhole() {
    Server last = null;
    for (int slot = 0; slot < SLOTS; slot++) {
      Server server = slots.get(slot);
      if (server == null || (server != last && server.open() == null)) {
        return false;
      }
      last = server;
    }
    return true;
  }

  @Override
  public void suspect() {
    synchronized (lock) {
      suspicious = true;
      lock.notifyAll();
    }
  }

  /** Asks one server after the other until one answers with a map. */
  private void refresh() throws InterruptedException, ExecutionException, TimeoutException {
    List<Link> open = new ArrayList<>();
    for (Server server : servers.values()) {
      Link link = server.open();
      if (link != null && !link.isSilent()) {
        open.add(link);
      }
    }
    Collections.shuffle(open);
    Throwable last = null;
    for (Link link : open) {
      try {
        adopt(slotsOf(link), link);
        return;
      } catch (ExecutionException | TimeoutException e) {
        last = e;
      }
    }
    Set<ServerAddress> closedOnes = new HashSet<>(servers.keySet());
    open.forEach(link -> closedOnes.remove(link.address()));
    closedOnes.addAll(dialer.address().servers());
    for (ServerAddress address : closedOnes) {
      try {
        Link link = dialer.link(address, this, Lane.SHARED, false);
        try {
          adopt(slotsOf(link), link);
          return;
        } finally {
          link.abandon();
        }
      } catch (ExecutionException | TimeoutException e) {
        last = e;
      }
    }
    throw new ExecutionException(
        "no server of the Cluster answers, the last one: "
            + (last == null ? "none" : Faults.reason(last)),
        last);
  }

  private List<Object> slotsOf(Link link)
      throws InterruptedException, ExecutionException, TimeoutException {
    Duration limit = dialer.settings().timeout();
    Call<List<Object>> ask = Call.list(CommandType.CLUSTER, Call.args().add("SLOTS"), limit);
    Call.send(link, List.of(ask));
    List<Object> answer = ask.reply().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (answer.isEmpty()) {
      throw new ExecutionException(new IllegalStateException("it has given out no slots"));
    }
    return answer;
  }

  private void adopt(List<Object> ranges, Link from) {
    Server[] next = new Server[SLOTS];
    Set<Server> owners = new HashSet<>();
    for (Object item : ranges) {
      List<?> range = (List<?>) item;
      List<?> primary = (List<?>) range.get(2);
      String host = primary.get(0) instanceof byte[] name ? ascii(name) : "";
      if (host.isEmpty() || host.equals("?")) {
        host = from.address().host();
      }
      Server owner = server(new ServerAddress(host, ((Long) primary.get(1)).intValue()));
      owners.add(owner);
      for (long slot = (Long) range.get(0); slot <= (Long) range.get(1); slot++) {
        next[(int) slot] = owner;
      }
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      if (next[slot] != null) {
        slots.set(slot, next[slot]);
      }
    }
    clock = from.clock();
    owners.forEach(
        owner -> {
          var unused = owner.link(Lane.SHARED);
        });
    retire(owners);
  }

  /** Closes the connections to servers that have owned no slot for a while. */
  private void retire(Set<Server> owners) {
    long now = System.nanoTime();
    long patience = dialer.settings().timeout().multipliedBy(5).toNanos();
    retired.keySet().removeAll(owners);
    for (Map.Entry<ServerAddress, Server> entry : List.copyOf(servers.entrySet())) {
      Server server = entry.getValue();
      if (owners.contains(server)) {
        continue;
      }
      Long since = retired.putIfAbsent(server, now);
      if (since != null && now - since > patience && !isMapped(server)) {
        servers.remove(entry.getKey());
        retired.remove(server);
        server.stop();
      }
    }
  }

  private boolean isMapped(Server server) {
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slots.get(slot) == server) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable RedisClock clock() {
    return clock;
  }

  @Override
  Collection<Server> servers() {
    return List.copyOf(servers.values());
  }

  @Override
  String state() {
    CompletableFuture<Boolean> known = map;
    if (known == null) {
      return "never connected";
    }
    return connected() + " servers connected" + (isWhole() ? "" : ", slots missing");
  }

  @Override
  void stop() {
    Thread thread;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      thread = keeper;
      CompletableFuture<Boolean> known = map;
      Exception reason = new IllegalStateException("the store is closed");
      map = CompletableFuture.failedFuture(reason);
      if (known != null) {
        known.completeExceptionally(reason);
      }
    }
    if (thread != null) {
      thread.interrupt();
    }
    servers.values().forEach(Server::stop);
  }

  @Override
  void join() throws InterruptedException {
    Thread thread;
    synchronized (lock) {
      thread = keeper;
    }
    if (thread != null) {
      thread.join(dialer.settings().connectTimeout().plus(dialer.settings().timeout()).toMillis());
    }
    for (Server server : servers.values()) {
      server.stop();
      server.join();
    }
  }
}
