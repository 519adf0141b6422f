package dev.holdfast.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.container.Container;
import dev.holdfast.container.ContainerNode;
import dev.holdfast.history.Request.Outcome;
import dev.holdfast.redis.testing.FaultProxy;
import dev.holdfast.redis.testing.RedisServer;
import dev.holdfast.testing.Executables;
import dev.holdfast.testing.FaultMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The checker's verdict on the product: Tomcat and Jetty side by side, and a Redis that loses
 * nothing. The clock of the second server is ten minutes ahead where {@code faketime} is there to
 * do it.
 *
 * <p>System properties: {@code holdfast.history.seconds} how long, in rounds of a minute (12, or
 * 600 in profile full), {@code holdfast.history.seed}, {@code holdfast.history.nemeses} names of
 * {@link Nemesis}, separated by commas.
 */
class HistoryIT {
  private static final int ROUND_SECONDS = 60;
  private static final boolean FULL = Boolean.getBoolean("holdfast.full");
  private static final int SECONDS =
      Integer.getInteger("holdfast.history.seconds", FULL ? 600 : 12);

  @TempDir static Path directory;
  private static RedisServer redis;
  private static List<FaultProxy> proxies;
  private static Site site;

  @BeforeAll
  static void start() {
    redis = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    proxies = new ArrayList<>();
    site = new Site();
    Path war = TestSite.war().in(directory);
    for (Container container : List.of(Container.TOMCAT_11, Container.JETTY_12_1)) {
      FaultProxy proxy = new FaultProxy(redis.port());
      proxies.add(proxy);
      ContainerNode.Builder node = TestSite.node(container, war, proxy.uri());
      site.add(
          container.isJetty() ? TestSite.tenMinutesAhead(node) : node,
          container.isJetty() ? "jetty" : "tomcat");
    }
  }

  @AfterAll
  static void stop() {
    site.close();
    proxies.forEach(FaultProxy::close);
    redis.close();
  }

  @Test
  void nothingAnsweredIsLostAndNothingEndedComesBack() throws IOException, InterruptedException {
    long seed = Long.getLong("holdfast.history.seed", new Random().nextLong(1_000_000));
    Map<String, Long> outcomes = new TreeMap<>();
    Map<String, Long> served = new TreeMap<>();
    for (int done = 0; done < SECONDS; done += ROUND_SECONDS) {
      Duration time = Duration.ofSeconds(Math.min(ROUND_SECONDS, SECONDS - done));
      Round round = new Round(site, redis, proxies);
      List<Workload> workloads = TestSite.workloads();
      List<Violation> violations = round.run(workloads, nemeses(), time, seed + done);
      System.out.println("seed " + (seed + done) + "\n" + round.summary(workloads));
      if (!violations.isEmpty()) {
        Files.writeString(Path.of("target", "history.log"), site.logs());
      }
      assertThat(violations.stream().limit(10).map(v -> v.explain(round.history())))
          .as("seed %d, %d violations", seed + done, violations.size())
          .isEmpty();
      round.history().requests().forEach(r -> outcomes.merge(r.outcome().name(), 1L, Long::sum));
      round.history().requests().stream()
          .filter(Request::isOk)
          .forEach(r -> served.merge(r.node().replaceFirst("\\..*", ""), 1L, Long::sum));
      outcomes.merge("faults", (long) round.history().faults().size(), Long::sum);
    }
    FaultMatrix.record(
        "All of these at once, by chance",
        "HistoryIT",
        SECONDS + " s, 2 servers: " + outcomes + ", violations 0");
    if (Executables.isThere("faketime")) {
      List<Long> ahead = site.nodes().stream().map(HistoryIT::secondsAhead).toList();
      assertThat(ahead.get(1)).isBetween(540L, 660L);
      FaultMatrix.record(
          "Clock skew of a server",
          "HistoryIT",
          "clocks of the servers %s s ahead, requests answered %s, violations 0"
              .formatted(ahead, served));
    }
  }

  /** By how much the clock that a server tells of is ahead of this one. */
  private static long secondsAhead(Site.Node node) {
    try {
      long date =
          URI.create("http://127.0.0.1:" + node.port() + node.path() + "/w?do=sleep+0")
              .toURL()
              .openConnection()
              .getDate();
      return Math.round((date - System.currentTimeMillis()) / 1e3);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Nemesis> nemeses() {
    String named = System.getProperty("holdfast.history.nemeses", "");
    if (!named.isEmpty()) {
      return Stream.of(named.split(",")).map(Nemesis::valueOf).toList();
    }
    List<Nemesis> all = new ArrayList<>(Nemesis.quick());
    if (FULL) {
      all.addAll(List.of(Nemesis.KILL_NODE, Nemesis.REDEPLOY));
    }
    return all;
  }

  /** In every build the one that must not be noticed; all, for the page, in profile full. */
  static Stream<Nemesis> alone() {
    return FULL
        ? Stream.concat(Nemesis.quick().stream(), Stream.of(Nemesis.KILL_NODE, Nemesis.REDEPLOY))
        : Stream.of(Nemesis.SCRIPT_FLUSH);
  }

  @ParameterizedTest
  @MethodSource("alone")
  void aFaultAloneCostsWhatThePageSays(Nemesis nemesis) throws InterruptedException {
    Round round = new Round(site, redis, proxies);
    List<Workload> workloads =
        List.of(new SetDisjoint(2, 3), new SharedRegister(2, 3), new LogoutRace(1));
    List<Violation> violations =
        round.run(workloads, List.of(nemesis), Duration.ofSeconds(FULL ? 8 : 2), 11);
    assertThat(violations.stream().limit(5).map(v -> v.explain(round.history()))).isEmpty();
    List<Request> requests = round.history().requests();
    List<Request> errors = requests.stream().filter(r -> r.outcome() == Outcome.INFO).toList();
    if (nemesis == Nemesis.SCRIPT_FLUSH) {
      assertThat(errors).isEmpty();
    }
    double longest = errors.stream().mapToLong(r -> r.completed() - r.invoked()).max().orElse(0);
    FaultMatrix.record(
        nemesis.row(),
        "HistoryIT",
        "%s: struck %d times in %d requests, %d errors, the longest after %.1f s, healed after %.1f s at most, writes lost 0"
            .formatted(
                nemesis,
                round.history().faults().size(),
                requests.size(),
                errors.size(),
                longest / 1e9,
                round.healing() / 1e9));
  }

  @Test
  void afterFlushAllEverybodyIsAnonymousAndNothingOldIsSeen() throws InterruptedException {
    Round round = new Round(site, redis, proxies);
    Flushed flushed = new Flushed(FULL ? 8 : 4);
    Duration time = Duration.ofSeconds(FULL ? 60 : 4);
    List<Violation> violations =
        round.run(List.of(flushed), List.of(Nemesis.FLUSHALL), time, FULL ? 8 : 7);
    assertThat(violations.stream().limit(5).map(v -> v.explain(round.history()))).isEmpty();
    int losses = round.history().losses().size();
    assertThat(losses).isGreaterThan(1);
    assertThat(flushed.counts().get(Flushed.ANONYMOUS)).isPositive();
    Map<Integer, Long> statuses =
        round.history().requests().stream()
            .collect(Collectors.groupingBy(Request::status, TreeMap::new, Collectors.counting()));
    FaultMatrix.record(
        Nemesis.FLUSHALL.row(),
        "HistoryIT",
        "FLUSHALL %d times in %.0f s of load on 2 servers, answers by status %s, %s, violations 0"
            .formatted(losses, time.toMillis() / 1e3, statuses, new TreeMap<>(flushed.counts())));
  }

  @Test
  void inAFullRedisLogoutsWorkAndSessionsAreReadable() throws InterruptedException {
    Client client = client();
    Visitor visitor = new Visitor("full");
    client.insist(client.node(0), visitor, "open", "set v kept");
    redis.command("CONFIG", "SET", "maxmemory", "1");
    try {
      Request read = client.send(client.node(1), visitor.copy(), "get v");
      assertThat(read.results()).containsExactly("kept");
      Request write = client.send(client.node(0), visitor.copy(), "set v lost");
      assertThat(write.status()).isEqualTo(503);
      assertThat(client.send(client.node(1), visitor.copy(), "get v").results())
          .containsExactly("kept");
      Request creation = client.send(new Visitor("new"), "open");
      assertThat(creation.status()).isEqualTo(503);
      Visitor leaving = visitor.copy();
      Request logout = client.send(client.node(1), leaving, "invalidate");
      assertThat(logout.status()).isEqualTo(200);
      assertThat(leaving.token()).isEmpty();
      List<String> found = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        found.addAll(client.send(client.node(i), visitor.copy(), "all").results());
      }
      assertThat(found).containsExactly("none", "none");
      FaultMatrix.record(
          "Redis is full, noeviction",
          "HistoryIT",
          "reads %d, writes %d, new sessions %d, logouts %d, the old cookie then opens %s"
              .formatted(read.status(), write.status(), creation.status(), logout.status(), found));
    } finally {
      redis.command("CONFIG", "SET", "maxmemory", "0");
    }
  }

  @Test
  void anEvictedSessionIsAnonymousAndNeverHalfThere() throws InterruptedException {
    Client client = client();
    List<Visitor> visitors = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Visitor visitor = new Visitor("evicted" + i);
      client.insist(client.anyNode(), visitor, "open", "size v 20000");
      visitors.add(visitor);
    }
    long used = Long.parseLong(redis.info("memory", "used_memory"));
    redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    redis.command("CONFIG", "SET", "maxmemory", used + 50_000);
    int gone = 0;
    try {
      for (int i = 0; i < 30; i++) {
        redis.command("SET", "filler" + i, new byte[20_000]);
      }
      for (Visitor visitor : visitors) {
        Request read = client.send(visitor.copy(), "get v");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.results()).containsAnyOf("none", "bytes:20000");
        gone += read.foundNone() ? 1 : 0;
      }
      assertThat(new Keys(redis).judge()).isEmpty();
    } finally {
      redis.command("CONFIG", "SET", "maxmemory", "0");
      redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }
    assertThat(gone).isPositive();
    FaultMatrix.record(
        "Redis is full, allkeys-lru",
        "HistoryIT",
        "sessions evicted " + gone + " of 30, those anonymous, errors 0, none in part");
  }

  @Test
  void whileRedisLoadsItsFileRequestsAreUnavailableAndHealAfterwards() throws InterruptedException {
    Client client = client();
    Visitor visitor = new Visitor("loading");
    client.insist(client.node(0), visitor, "open", "set v kept");
    for (int i = 0; i < (FULL ? 50 : 5); i++) {
      redis.command("DEBUG", "POPULATE", 40_000, "filler" + i);
    }
    redis.command("BGREWRITEAOF");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> redis.info("persistence", "aof_rewrite_in_progress").equals("0"));
    redis.kill();
    Thread restart = new Thread(redis::restart);
    restart.start();
    int unavailable = 0;
    while (restart.isAlive()) {
      Request request = client.send(visitor.copy(), "get v");
      assertThat(request.status()).isIn(200, 503);
      unavailable += request.isOk() ? 0 : 1;
      client.pause(10);
    }
    long start = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> client.send(client.node(0), visitor.copy(), "get v").isOk());
    assertThat(client.insist(client.node(1), visitor.copy(), "get v").results())
        .containsExactly("kept");
    redis.flush();
    assertThat(unavailable).isPositive();
    FaultMatrix.record(
        "Redis is loading its file",
        "HistoryIT",
        "%d requests 503, none 500, healed %.1f s after it had loaded, nothing lost"
            .formatted(unavailable, (System.nanoTime() - start) / 1e9));
  }

  /** Every server makes one connection, and asks no more than before, however many wait. */
  @Test
  void aRestartedRedisIsNotStormed() throws InterruptedException {
    int clients = FULL ? 100 : 12;
    long commands = commands();
    Round calm = new Round(site, redis, proxies);
    Duration time = Duration.ofSeconds(FULL ? 5 : 1);
    assertThat(calm.run(List.of(new SharedRegister(2, clients)), List.of(), time, 3)).isEmpty();
    double before = (double) (commands() - commands) / answered(calm, 0);

    int connectedBefore = connections();
    Round storm = new Round(site, redis, proxies);
    time = Duration.ofSeconds(FULL ? 8 : 4);
    List<Violation> violations =
        storm.run(List.of(new SharedRegister(2, clients)), List.of(Nemesis.OUTAGE), time, 4);
    assertThat(violations.stream().limit(5).map(v -> v.explain(storm.history()))).isEmpty();
    List<Fault> outages = storm.history().faults();
    long restarted = outages.get(outages.size() - 1).to();
    int connections = connections() - connectedBefore;
    long answered = answered(storm, restarted);
    double after = (double) commands() / answered;
    // A node has a connection for requests and one that listens for ended sessions. While Redis
    // reads its file, each node tries again after 275 ms on average.
    double loading =
        outages.stream().mapToDouble(outage -> (outage.to() - outage.from()) / 1e9).sum();
    assertThat(connections)
        .as("in %.1f s of outages", loading)
        .isLessThanOrEqualTo(site.size() * (2 * 2 * outages.size() + (int) (5 * loading)));
    assertThat(after).isLessThan(1.5 * before);
    FaultMatrix.record(
        "Thundering herd after a restart",
        "HistoryIT",
        "%d clients, 2 servers: %d connections after %d restarts, %.1f commands for a request (%.1f before)"
            .formatted(clients, connections, outages.size(), after, before));
  }

  private static int connections() {
    return proxies.stream().mapToInt(FaultProxy::connections).sum();
  }

  /** What requests ask of Redis: no handshake and no sweep. */
  private static long commands() {
    return redis.calls("hmget") + redis.calls("hgetall") + redis.calls("evalsha");
  }

  private static long answered(Round round, long since) {
    long answered =
        round.history().requests().stream().filter(request -> request.completed() >= since).count();
    return Math.max(1, answered);
  }

  private Client client() {
    return new Client(0, "alone", new Round(site, redis, proxies), 5);
  }
}
