package dev.holdfast.history;

import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.redis.testing.SentinelServers;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Some time of work under faults, then peace, a last look at every session, and the verdict. All
 * workloads run at once; what a round did has no effect on the next.
 */
final class Round {
  private static final long QUIET_MILLIS = 500;
  private static final int LOCATOR_BYTES = 16;

  private final Site site;
  private final Supplier<RedisServer> redis;
  private final @Nullable SentinelServers sentinels;
  private final List<FaultProxy> proxies;
  private final History history = new History();
  private final ExecutorService background = Executors.newCachedThreadPool(Round::daemon);
  private final List<Violation> sampled = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
  private final Set<String> issued = ConcurrentHashMap.newKeySet();
  private final Set<String> toldBefore;

  /** A site whose servers reach Redis each through a proxy of its own, in the same order. */
  Round(Site site, RedisServer redis, List<FaultProxy> proxies) {
    this(site, () -> redis, null, proxies);
  }

  /** A site whose servers follow Sentinels. */
  Round(Site site, SentinelServers sentinels) {
    this(site, sentinels::primary, sentinels, List.of());
  }

  private Round(
      Site site,
      Supplier<RedisServer> redis,
      @Nullable SentinelServers sentinels,
      List<FaultProxy> proxies) {
    this.site = site;
    this.redis = redis;
    this.sentinels = sentinels;
    this.proxies = proxies;
    this.toldBefore = Set.copyOf(site.testimony());
  }

  Site site() {
    return site;
  }

  /** The one that is the primary at this moment. */
  RedisServer redis() {
    return redis.get();
  }

  /**
   * What the servers follow.
   *
   * @throws NullPointerException when it is one Redis and no Sentinels
   */
  SentinelServers sentinels() {
    return Objects.requireNonNull(sentinels);
  }

  List<FaultProxy> proxies() {
    return proxies;
  }

  History history() {
    return history;
  }

  ExecutorService background() {
    return background;
  }

  /** Nanoseconds from the end of a fault to the next answer 200, at most. */
  long healing() {
    List<Request> requests = history.requests();
    long longest = 0;
    for (Fault fault : history.faults()) {
      long healed =
          requests.stream()
              .filter(request -> request.isOk() && request.completed() >= fault.to())
              .mapToLong(request -> request.completed() - fault.to())
              .min()
              .orElse(0);
      longest = Math.max(longest, healed);
    }
    return longest;
  }

  /** A response brought this token. */
  void issued(String token) {
    if (!token.isEmpty()) {
      byte[] locator = Arrays.copyOf(Base64.getUrlDecoder().decode(token), LOCATOR_BYTES);
      issued.add(Base64.getUrlEncoder().withoutPadding().encodeToString(locator));
    }
  }

  /**
   * How often the servers told of something in this round, by what it happened to.
   *
   * @param what {@code DESTROYED} or {@code UNBOUND}
   */
  Map<String, Long> told(String what) {
    return site.testimony().stream()
        .filter(line -> line.startsWith(what + " ") && !toldBefore.contains(line))
        .map(line -> line.split(" "))
        .filter(words -> words.length == 3)
        .collect(Collectors.groupingBy(words -> words[2], Collectors.counting()));
  }

  /**
   * Runs it.
   *
   * @param nemeses which of them strike, two at a time if there are several; empty for peace
   * @return every violation
   */
  List<Violation> run(List<Workload> workloads, List<Nemesis> nemeses, Duration time, long seed)
      throws InterruptedException {
    redis().flush();
    List<List<Client>> clients = clients(workloads, seed);
    for (int i = 0; i < workloads.size(); i++) {
      workloads.get(i).prepare(clients.get(i).get(0));
    }
    AtomicBoolean over = new AtomicBoolean();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < workloads.size(); i++) {
      Workload workload = workloads.get(i);
      for (Client client : clients.get(i)) {
        running.add(background.submit(() -> work(workload, client, over)));
      }
    }
    List<Future<?>> breaking = new ArrayList<>();
    for (int i = 0; i < Math.min(2, nemeses.size()); i++) {
      Random random = new Random(seed * 31 + i);
      breaking.add(background.submit(() -> strike(nemeses, random, over)));
    }
    Future<?> sampling = background.submit(() -> sample(over));
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    over.set(true);
    await(breaking);
    heal();
    await(running);
    await(List.of(sampling));
    if (!troubles.isEmpty()) {
      // A server may be missing, and all would wait for it.
      background.shutdownNow();
      return troubles();
    }
    for (int i = 0; i < workloads.size(); i++) {
      Workload workload = workloads.get(i);
      List<Future<?>> looking = new ArrayList<>();
      for (Client client : clients.get(i)) {
        looking.add(background.submit(() -> finish(workload, client)));
      }
      await(looking);
    }
    background.shutdownNow();
    return judge(workloads);
  }

  private List<List<Client>> clients(List<Workload> workloads, long seed) {
    List<List<Client>> all = new ArrayList<>();
    int number = 0;
    for (Workload workload : workloads) {
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < workload.clients(); i++) {
        clients.add(new Client(number, workload.name(), this, seed * 1000 + number));
        number++;
      }
      all.add(clients);
    }
    return all;
  }

  private void work(Workload workload, Client client, AtomicBoolean over) {
    try {
      while (!over.get()) {
        workload.step(client);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      troubles.add(workload.name() + ": " + e);
    }
  }

  private void finish(Workload workload, Client client) {
    try {
      workload.finish(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      troubles.add(workload.name() + ": " + e);
    }
  }

  private void strike(List<Nemesis> nemeses, Random random, AtomicBoolean over) {
    try {
      while (!over.get()) {
        TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(1500));
        Nemesis nemesis = nemeses.get(random.nextInt(nemeses.size()));
        long time = redisTime();
        long from = history.now();
        try {
          nemesis.strike(this, random);
        } catch (IllegalStateException | UncheckedIOException e) {
          // Another nemesis has Redis; what this one did, it did.
        }
        history.add(new Fault(nemesis.name(), from, history.now(), time));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      troubles.add("a nemesis: " + e);
    }
  }

  /** Milliseconds of Redis's clock, -1 when it does not say. */
  private long redisTime() {
    try {
      List<?> time = (List<?>) redis().command("TIME");
      return time == null
          ? -1
          : Long.parseLong(text(time.get(0))) * 1000 + Long.parseLong(text(time.get(1))) / 1000;
    } catch (IllegalStateException | UncheckedIOException e) {
      return -1;
    }
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.US_ASCII);
  }

  /** Interrupts what is at work in a server. */
  void interrupt(int node) throws InterruptedException {
    new Client(-1, "interrupt", this, 0).send(site.node(node), new Visitor("-"), "interrupt");
  }

  /** Does something to Redis until it has been done. */
  void mend(Runnable step) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      try {
        step.run();
        return;
      } catch (IllegalStateException | UncheckedIOException e) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new IllegalStateException("Redis does not come back");
  }

  private void heal() throws InterruptedException {
    proxies.forEach(FaultProxy::heal);
    mend(() -> redis().command("CONFIG", "SET", "maxmemory", "0"));
    TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
  }

  private void sample(AtomicBoolean over) {
    try {
      while (!over.get()) {
        TimeUnit.MILLISECONDS.sleep(500);
        try {
          sampled.addAll(new Keys(redis()).judge());
        } catch (IllegalStateException | UncheckedIOException e) {
          // Redis is down.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(List<Future<?>> futures) throws InterruptedException {
    for (Future<?> future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A server was killed or redeployed about then: what it was about to say is not known. */
  boolean mayHaveMissed(Request request) {
    long margin = TimeUnit.SECONDS.toNanos(1);
    return history.faults(request.invoked() - margin, request.completed() + margin).stream()
        .anyMatch(
            fault ->
                fault.what().equals(Nemesis.KILL_NODE.name())
                    || fault.what().equals(Nemesis.REDEPLOY.name()));
  }

  private List<Violation> judge(List<Workload> workloads) {
    List<Violation> violations = new ArrayList<>(sampled);
    violations.addAll(new Keys(redis()).judge());
    violations.addAll(new Keys(redis()).unknown(issued, history));
    for (Workload workload : workloads) {
      violations.addAll(workload.judge(this));
    }
    for (Request request : history.requests()) {
      boolean expected = List.of(0, 200, 409, 503).contains(request.status());
      if (!expected && !(request.status() == 404 && mayHaveMissed(request))) {
        violations.add(
            new Violation("no 5xx but 503", "answered " + request.status(), List.of(request)));
      }
    }
    violations.addAll(troubles());
    return violations;
  }

  private List<Violation> troubles() {
    return troubles.stream().map(t -> new Violation("checker", t, List.of())).toList();
  }

  /** What was done, in a few lines. */
  String summary(List<Workload> workloads) {
    Map<String, Long> outcomes = new TreeMap<>();
    history.requests().forEach(r -> outcomes.merge(r.outcome() + " " + r.status(), 1L, Long::sum));
    Map<String, Long> faults = new TreeMap<>();
    history.faults().forEach(f -> faults.merge(f.what(), 1L, Long::sum));
    Map<String, Long> counts = new TreeMap<>();
    workloads.forEach(w -> w.counts().forEach((what, n) -> counts.merge(what, n, Long::sum)));
    return "requests: " + outcomes + "\nfaults: " + faults + "\njudged: " + counts;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "history");
    thread.setDaemon(true);
    return thread;
  }
}
