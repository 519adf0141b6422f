package dev.holdfast.redis.testing;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Three primaries with a replica each, all of them processes of their own. A server that is silent
 * for a second counts as failed.
 */
public final class RedisCluster implements AutoCloseable {
  private static final int PRIMARIES = 3;
  private static final int SLOTS = 16_384;

  private final List<RedisServer> servers = new ArrayList<>();
  private final Map<RedisServer, Integer> busPorts = new HashMap<>();

  private final Map<RedisServer, Integer> tlsPorts = new HashMap<>();

  private RedisCluster() {}

  /** Starts everything and waits until the Cluster is whole. */
  public static RedisCluster start(String... arguments) {
    return start(false, false, arguments);
  }

  /** The same with the users of {@code docker/users.acl}. */
  public static RedisCluster startWithUsers() {
    return start(false, true);
  }

  /** The same with TLS between the servers and for clients; the plain ports are for the test. */
  public static RedisCluster startTls(String... arguments) {
    return start(true, false, arguments);
  }

  private static RedisCluster start(boolean tls, boolean users, String... arguments) {
    RedisCluster cluster = new RedisCluster();
    for (int i = 0; i < 2 * PRIMARIES; i++) {
      int busPort = FreePorts.one();
      List<String> all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--cluster-enabled", "yes", "--cluster-port", "" + busPort));
      all.addAll(List.of("--cluster-node-timeout", "1000"));
      all.addAll(List.of("--repl-diskless-sync-delay", "0"));
      int tlsPort = FreePorts.one();
      if (tls) {
        all.addAll(List.of("--tls-port", "" + tlsPort));
      }
      String[] line = all.toArray(new String[0]);
      RedisServer server = users ? RedisServer.startWithUsers(line) : RedisServer.start(line);
      cluster.servers.add(server);
      cluster.busPorts.put(server, busPort);
      if (tls) {
        cluster.tlsPorts.put(server, tlsPort);
      }
    }
    cluster.form();
    return cluster;
  }

  private void form() {
    for (int i = 0; i < servers.size(); i++) {
      servers.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
    }
    for (int i = 0; i < PRIMARIES; i++) {
      int from = i * SLOTS / PRIMARIES;
      int to = (i + 1) * SLOTS / PRIMARIES - 1;
      servers.get(i).command("CLUSTER", "ADDSLOTSRANGE", from, to);
    }
    RedisServer first = servers.get(0);
    for (RedisServer server : servers.subList(1, servers.size())) {
      first.command("CLUSTER", "MEET", "127.0.0.1", port(server), busPorts.get(server));
    }
    awaitAll("cluster_known_nodes", "" + servers.size());
    for (int i = 0; i < PRIMARIES; i++) {
      RedisServer replica = servers.get(PRIMARIES + i);
      String id = id(servers.get(i));
      await()
          .atMost(Duration.ofSeconds(10))
          .ignoreExceptions()
          .until(() -> replica.command("CLUSTER", "REPLICATE", id) != null);
    }
    awaitWhole();
    for (RedisServer server : servers) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  RunningRedis.text(server.command("CLUSTER", "NODES"))
                          .lines()
                          .filter(line -> line.contains("slave"))
                          .count()
                      == PRIMARIES);
    }
    awaitReplicated();
  }

  /** Waits until every server that runs says that all slots are served. */
  public void awaitWhole() {
    awaitAll("cluster_state", "ok");
  }

  private void awaitAll(String name, String value) {
    for (RedisServer server : servers) {
      if (server.isRunning()) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () ->
                    RunningRedis.text(server.command("CLUSTER", "INFO"))
                        .lines()
                        .anyMatch(line -> line.equals(name + ":" + value)));
      }
    }
  }

  private static String id(RedisServer server) {
    return RunningRedis.text(server.command("CLUSTER", "MYID"));
  }

  /** For {@code redis.uri}: three of the six. */
  public String uri() {
    return uri(MinimalUser.isDefault() ? "holdfast-cluster" : "");
  }

  /** The same as a user of {@code docker/users.acl}. */
  public String uri(String user) {
    return (tlsPorts.isEmpty() ? "redis" : "rediss")
        + "-cluster://"
        + (user.isEmpty() ? "" : MinimalUser.login(user) + "@")
        + servers.stream()
            .limit(PRIMARIES)
            .map(server -> "127.0.0.1:" + port(server))
            .collect(Collectors.joining(","));
  }

  private int port(RedisServer server) {
    return requireNonNull(tlsPorts.getOrDefault(server, server.port()));
  }

  /** All of them. */
  public List<RedisServer> servers() {
    return List.copyOf(servers);
  }

  /** Those that are primaries now. */
  public List<RedisServer> primaries() {
    return servers.stream()
        .filter(RedisServer::isRunning)
        .filter(server -> server.info("replication", "role").equals("master"))
        .toList();
  }

  /** A running replica of {@code primary}. */
  public RedisServer replicaOf(RedisServer primary) {
    return servers.stream()
        .filter(RedisServer::isRunning)
        .filter(server -> server.info("replication", "role").equals("slave"))
        .filter(server -> server.info("replication", "master_port").equals("" + primary.port()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no replica of " + primary.port()));
  }

  /**
   * The primary whose slots hold {@code key}. While the servers still tell each other of a move it
   * may be that none says it of itself.
   */
  public RedisServer ownerOf(String key) {
    int slot = slotOf(key);
    return await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> primaries().stream().filter(primary -> hasSlot(primary, slot)).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static boolean hasSlot(RedisServer primary, int slot) {
    return ranges(primary).stream().anyMatch(r -> r.get(0) <= slot && slot <= r.get(1));
  }

  private static List<List<Long>> ranges(RedisServer server) {
    String own =
        RunningRedis.text(server.command("CLUSTER", "NODES"))
            .lines()
            .filter(line -> line.contains("myself"))
            .findFirst()
            .orElseThrow();
    List<List<Long>> ranges = new ArrayList<>();
    String[] words = own.split(" ");
    for (int i = 8; i < words.length; i++) {
      if (!words[i].startsWith("[")) {
        String[] ends = words[i].split("-");
        ranges.add(List.of(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])));
      }
    }
    return ranges;
  }

  /** The slot of {@code key}. */
  public int slotOf(String key) {
    return ((Long) requireNonNull(servers.get(0).command("CLUSTER", "KEYSLOT", key))).intValue();
  }

  /** Waits until every primary has a replica that is up to date, as far as it can know. */
  public void awaitReplicated() {
    awaitWhole();
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () ->
                primaries().size() == PRIMARIES
                    && primaries().stream()
                        .allMatch(
                            primary ->
                                primary.info("replication", "slave0").contains("state=online")));
  }

  /**
   * Moves one slot with its keys from one primary to another, as {@code --cluster reshard} does.
   */
  public void move(int slot, RedisServer from, RedisServer to) {
    to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
    from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    while (true) {
      List<?> keys = (List<?>) requireNonNull(from.command("CLUSTER", "GETKEYSINSLOT", slot, 10));
      if (keys.isEmpty()) {
        break;
      }
      for (Object key : keys) {
        from.command("MIGRATE", "127.0.0.1", to.port(), key, 0, 5_000);
      }
    }
    to.command("CLUSTER", "SETSLOT", slot, "NODE", id(to));
    from.command("CLUSTER", "SETSLOT", slot, "NODE", id(to));
    // Who is not told may pass on what it knows of an earlier move, and the slot is nobody's then.
    for (RedisServer other : primaries()) {
      if (other != to && other != from) {
        other.command("CLUSTER", "SETSLOT", slot, "NODE", id(to));
      }
    }
  }

  @Override
  public void close() {
    servers.forEach(RedisServer::close);
  }
}
