package dev.holdfast.redis.client;

import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The parts of {@code redis.uri}.
 *
 * @param servers the server, the Sentinels, or some servers of the Cluster
 * @param primary the primary's name for Sentinel, else empty
 * @param login what is the same for every server: credentials, TLS, database
 */
public record RedisAddress(Kind kind, List<ServerAddress> servers, String primary, RedisURI login) {
  private static final int SENTINEL_PORT = 26379;

  /** What the servers are to each other. */
  enum Kind {
    SERVER,
    SENTINEL,
    CLUSTER
  }

  /** Parses a text that the setting {@code redis.uri} has accepted. */
  public static RedisAddress of(String uri) {
    int colon = uri.indexOf("://");
    String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
    Kind kind =
        scheme.endsWith("-sentinel")
            ? Kind.SENTINEL
            : scheme.endsWith("-cluster") ? Kind.CLUSTER : Kind.SERVER;
    int hosts = Math.max(colon + 3, uri.lastIndexOf('@') + 1);
    int fragment = uri.indexOf('#', hosts);
    String plain = fragment < 0 ? uri : uri.substring(0, fragment);
    int end = hosts;
    while (end < plain.length() && "/?".indexOf(plain.charAt(end)) < 0) {
      end++;
    }
    String head = scheme.replaceFirst("-.*", "") + uri.substring(colon, hosts);
    List<ServerAddress> servers = new ArrayList<>();
    RedisURI login = null;
    for (String server : plain.substring(hosts, end).split(",", -1)) {
      login = RedisURI.create(head + server + plain.substring(end));
      boolean named = server.matches(".*:\\d+");
      int port = named || kind != Kind.SENTINEL ? login.getPort() : SENTINEL_PORT;
      servers.add(new ServerAddress(login.getHost(), port));
    }
    if (login == null) {
      throw new IllegalArgumentException("no server in the address");
    }
    // CLIENT SETINFO would announce the library's name; few users may send it, and each refusal is
    // a line in the ACL log.
    login.setLibraryName("");
    login.setLibraryVersion("");
    login.setCredentialsProvider(
        Credentials.atHand(login.getCredentialsProvider().resolveCredentials().toFuture().join()));
    String primary = fragment < 0 ? "" : uri.substring(fragment + 1);
    return new RedisAddress(kind, List.copyOf(servers), primary, login);
  }

  public boolean isOfCluster() {
    return kind == Kind.CLUSTER;
  }

  /** Whether every connection is encrypted. */
  public boolean isOverTls() {
    return login.isSsl();
  }

  /** Whether every server, or Sentinel, is reached through this machine's own interface. */
  public boolean isOnThisMachine() {
    return servers.stream()
        .allMatch(server -> server.host().matches("localhost|127\\.[0-9.]+|\\[?::1]?"));
  }

  /** The URI of one of the servers. */
  RedisURI uri(ServerAddress server) {
    RedisURI uri = RedisURI.builder(login).build();
    uri.setHost(server.host());
    uri.setPort(server.port());
    return uri;
  }

  /** Hosts and ports, without credentials. */
  @Override
  public String toString() {
    String list = servers.stream().map(Object::toString).collect(Collectors.joining(","));
    return switch (kind) {
      case SERVER -> list;
      case SENTINEL -> primary + " of the Sentinels " + list;
      case CLUSTER -> "the Cluster of " + list;
    };
  }
}
