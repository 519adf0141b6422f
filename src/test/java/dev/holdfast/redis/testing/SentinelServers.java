package dev.holdfast.redis.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A primary with replicas and three Sentinels that watch it, all of them processes of their own.
 * Sentinel takes a second of silence for the end of a server.
 */
public final class SentinelServers implements AutoCloseable {
  /** The primary's name. */
  public static final String NAME = "main";

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<SentinelProcess> sentinels = new ArrayList<>();

  private final List<Integer> tlsPorts = new ArrayList<>();

  private SentinelServers() {}

  /**
   * Starts everything and waits until all know of each other.
   *
   * @param replicas how many
   * @param arguments of every redis-server
   */
  public static SentinelServers start(int replicas, String... arguments) {
    return start(false, false, replicas, arguments);
  }

  /** The same with the users of {@code docker/users.acl} and {@code docker/sentinel.acl}. */
  public static SentinelServers startWithUsers(int replicas) {
    return start(false, true, replicas);
  }

  /** The same with TLS between all of them and for clients; the plain ports are for the test. */
  public static SentinelServers startTls(int replicas, String... arguments) {
    return start(true, false, replicas, arguments);
  }

  private static SentinelServers start(
      boolean tls, boolean users, int replicas, String... arguments) {
    SentinelServers group = new SentinelServers();
    int primary = 0;
    for (int i = 0; i <= replicas; i++) {
      List<String> all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--repl-diskless-sync-delay", "0"));
      int tlsPort = FreePorts.one();
      if (tls) {
        all.addAll(List.of("--tls-port", "" + tlsPort));
      }
      if (i > 0) {
        all.addAll(List.of("--replicaof", "127.0.0.1 " + primary));
      }
      String[] line = all.toArray(new String[0]);
      group.servers.add(users ? RedisServer.startWithUsers(line) : RedisServer.start(line));
      if (i == 0) {
        primary = tls ? tlsPort : group.servers.get(0).port();
      }
    }
    group.servers.get(0).awaitReplicas(replicas);
    for (int i = 0; i < 3; i++) {
      int tlsPort = FreePorts.one();
      if (tls) {
        group.tlsPorts.add(tlsPort);
      }
      group.sentinels.add(
          new SentinelProcess(
              (tls ? tls(tlsPort, arguments) : "")
                  + (users ? users() : "")
                  + """
              sentinel monitor %1$s 127.0.0.1 %2$d 2
              sentinel down-after-milliseconds %1$s 1000
              sentinel failover-timeout %1$s 5000
              """
                      .formatted(NAME, primary)));
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> group.sentinels.stream().allMatch(s -> group.knowsAll(s, replicas)));
    return group;
  }

  /** Options of a command line as lines of a configuration. */
  private static String tls(int port, String... arguments) {
    StringBuilder lines = new StringBuilder("tls-port " + port + "\n");
    for (int i = 0; i < arguments.length; i += 2) {
      if (arguments[i].startsWith("--tls-") && !arguments[i].equals("--tls-cluster")) {
        lines.append(arguments[i].substring(2)).append(' ').append(arguments[i + 1]).append('\n');
      }
    }
    return lines.toString();
  }

  private boolean knowsAll(SentinelProcess sentinel, int replicas) {
    String line = sentinel.info("sentinel", "master0");
    return line.contains("status=ok")
        && line.contains("slaves=" + replicas)
        && line.contains("sentinels=3");
  }

  private static String users() {
    try {
      return Files.readString(Path.of("docker", "sentinel.acl")).replace("user default off\n", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For {@code redis.uri}; as the one who may wait for replicas when users are to be minimal. */
  public String uri() {
    return uri(MinimalUser.isDefault() ? "holdfast-durable" : "");
  }

  /**
   * The same by other Sentinels first, and without the last: to two applications of one server it
   * is another address, though it leads to the same data.
   */
  public String uriByOthers() {
    List<Integer> ports = new ArrayList<>(sentinels.stream().map(SentinelProcess::port).toList());
    Collections.reverse(ports);
    return uri(ports.subList(0, ports.size() - 1), "");
  }

  /** The same as a user of {@code docker/users.acl}. */
  public String uri(String user) {
    List<Integer> ports =
        tlsPorts.isEmpty() ? sentinels.stream().map(SentinelProcess::port).toList() : tlsPorts;
    return uri(ports, user);
  }

  private String uri(List<Integer> ports, String user) {
    return (tlsPorts.isEmpty() ? "redis" : "rediss")
        + "-sentinel://"
        + (user.isEmpty() ? "" : MinimalUser.login(user) + "@")
        + ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","))
        + "#"
        + NAME;
  }

  /** The Sentinels themselves. */
  public List<RunningRedis> sentinels() {
    return List.copyOf(sentinels);
  }

  /** Whom the first Sentinel names. */
  public RedisServer primary() {
    List<?> address =
        (List<?>) sentinels.get(0).command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
    String port = RunningRedis.text(address.get(1));
    return servers.stream()
        .filter(server -> port.equals("" + server.port()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Sentinel names port " + port));
  }

  /** All of them. */
  public List<RedisServer> servers() {
    return List.copyOf(servers);
  }

  /** Has Sentinel change places, as an operator does; returns when it has begun. */
  public void failover() {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> sentinels.get(0).command("SENTINEL", "FAILOVER", NAME) != null);
  }

  /** Waits until all servers follow one primary and every Sentinel knows it. */
  public void awaitSettled() {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              RedisServer primary = primary();
              int replicas = servers.size() - 1;
              for (int i = 0; i < replicas; i++) {
                if (!primary.info("replication", "slave" + i).contains("state=online")) {
                  return false;
                }
              }
              return primary.info("replication", "role").equals("master")
                  && sentinels.stream().allMatch(sentinel -> knowsAll(sentinel, replicas));
            });
  }

  /**
   * Waits until Sentinel names another primary than {@code old}. Sentinels that cannot agree on who
   * is to do it try again only after ten seconds, twice their failover-timeout.
   */
  public void awaitOtherThan(RedisServer old) {
    await().atMost(Duration.ofSeconds(60)).until(() -> primary() != old);
  }

  @Override
  public void close() {
    sentinels.forEach(SentinelProcess::close);
    servers.forEach(RedisServer::close);
  }
}
