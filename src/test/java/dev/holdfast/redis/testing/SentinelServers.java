package dev.holdfast.redis.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
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

  private SentinelServers() {}

  /**
   * Starts everything and waits until all know of each other.
   *
   * @param replicas how many
   * @param arguments of every redis-server
   */
  public static SentinelServers start(int replicas, String... arguments) {
    SentinelServers group = new SentinelServers();
    for (int i = 0; i <= replicas; i++) {
      List<String> all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--repl-diskless-sync-delay", "0"));
      if (i > 0) {
        all.addAll(List.of("--replicaof", "127.0.0.1 " + group.servers.get(0).port()));
      }
      group.servers.add(RedisServer.start(all.toArray(new String[0])));
    }
    group.awaitReplicas(group.servers.get(0), replicas);
    for (int i = 0; i < 3; i++) {
      group.sentinels.add(
          new SentinelProcess(
              """
              sentinel monitor %1$s 127.0.0.1 %2$d 2
              sentinel down-after-milliseconds %1$s 1000
              sentinel failover-timeout %1$s 5000
              """
                  .formatted(NAME, group.servers.get(0).port())));
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> group.sentinels.stream().allMatch(s -> group.knowsAll(s, replicas)));
    return group;
  }

  private boolean knowsAll(SentinelProcess sentinel, int replicas) {
    String line = sentinel.info("sentinel", "master0");
    return line.contains("status=ok")
        && line.contains("slaves=" + replicas)
        && line.contains("sentinels=3");
  }

  private void awaitReplicas(RedisServer primary, int count) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              for (int i = 0; i < count; i++) {
                if (!primary.info("replication", "slave" + i).contains("state=online")) {
                  return false;
                }
              }
              return true;
            });
  }

  /** For {@code redis.uri}. */
  public String uri() {
    return "redis-sentinel://"
        + sentinels.stream().map(s -> "127.0.0.1:" + s.port()).collect(Collectors.joining(","))
        + "#"
        + NAME;
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
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(() -> sentinels.get(0).command("SENTINEL", "FAILOVER", NAME) != null);
  }

  /** Waits until Sentinel names another primary than {@code old}. */
  public void awaitOtherThan(RedisServer old) {
    await().atMost(Duration.ofSeconds(30)).until(() -> primary() != old);
  }

  @Override
  public void close() {
    sentinels.forEach(SentinelProcess::close);
    servers.forEach(RedisServer::close);
  }
}
