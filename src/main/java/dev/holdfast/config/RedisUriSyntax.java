package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a Redis URI may look like, and how to show where it leads without its credentials. */
final class RedisUriSyntax implements ValueType<String> {

  private static final Set<String> PARAMETERS =
      Set.of("database", "db", "clientname", "verifypeer");
  private static final Set<String> VERIFY_PEER = Set.of("full", "ca", "none", "true", "false");
  private static final Pattern ANY_DATABASE =
      Pattern.compile("(?:^/|(?i:[?&](?:db|database)=))(\\d{1,9})");
  private static final Pattern SERVER = Pattern.compile("(.+?)\\.?(?::(\\d{1,5}))?");
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "localhost|.*\\.localhost|ip6-localhost|127(\\.\\d{1,3}){3}|\\[(::|0*:(0*:){1,6})0*1]");
  private static final Pattern DATABASE = Pattern.compile("/?|/\\d{1,5}");

  /** How the servers relate to each other, as the scheme tells. */
  private enum Kind {
    SERVER("redis", "redis://[user:password@]host[:port][/database]"),
    SENTINEL(
        "redis-sentinel",
        "redis-sentinel://[user:password@]host[:port],host[:port]...[/database]#primary"),
    CLUSTER("redis-cluster", "redis-cluster://[user:password@]host[:port],host[:port]...");

    private final String scheme;
    private final String form;

    Kind(String scheme, String form) {
      this.scheme = scheme;
      this.form = form;
    }
  }

  /**
   * Where the URI leads, whoever connects: servers in one order and spelling, every name of the
   * loopback interface as {@code localhost}, the primary of a Sentinel group, the database.
   *
   * @param uri that was accepted
   */
  static String keyspace(String uri) {
    Kind kind = kindOf(uri);
    int hosts = startOfHosts(uri);
    int end = endOfHosts(uri, hosts);
    int fragment = uri.indexOf('#', end);
    String plain = uri.substring(end, fragment < 0 ? uri.length() : fragment);
    String servers =
        Arrays.stream(uri.substring(hosts, end).split(",", -1))
            .map(server -> canonical(server, kind == Kind.SENTINEL ? 26379 : 6379))
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
    return servers + "/" + database(plain) + (fragment < 0 ? "" : uri.substring(fragment));
  }

  private static String canonical(String server, int defaultPort) {
    Matcher parts = SERVER.matcher(server.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      return server;
    }
    String host = requireNonNull(parts.group(1));
    String port = parts.group(2);
    return (LOOPBACK.matcher(host).matches() ? "localhost" : host)
        + ":"
        + (port == null ? defaultPort : Integer.parseInt(port));
  }

  /** The last one named, as the driver reads it. */
  private static int database(String pathAndQuery) {
    Matcher named = ANY_DATABASE.matcher(pathAndQuery);
    int database = 0;
    while (named.find()) {
      database = Integer.parseInt(named.group(1));
    }
    return database;
  }

  @Override
  public String parse(String text) throws InvalidValueException {
    Kind kind = kind(text);
    int hosts = startOfHosts(text);
    int end = endOfHosts(text, hosts);
    if (endOfHosts(text, text.indexOf("://") + 3) < hosts) {
      throw new InvalidValueException(
          "special characters in user and password must be percent-encoded (/ as %2F, ? as %3F, # as"
              + " %23, @ as %40); write "
              + kind.form);
    }
    String servers = text.substring(hosts, end);
    if (kind == Kind.SERVER && servers.contains(",")) {
      throw new InvalidValueException(
          "several servers are a Sentinel group or a Cluster; write "
              + Kind.SENTINEL.form
              + " or "
              + Kind.CLUSTER.form);
    }
    for (String server : servers.split(",", -1)) {
      if (server.isBlank() && servers.contains(",")) {
        throw new InvalidValueException("a server is missing beside a comma; write " + kind.form);
      }
      check(text.substring(0, hosts) + server + text.substring(end), kind);
    }
    return text;
  }

  private static int startOfHosts(String text) {
    return Math.max(text.indexOf("://") + 3, text.lastIndexOf('@') + 1);
  }

  private static int endOfHosts(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if ("/?#".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static Kind kind(String text) throws InvalidValueException {
    Kind kind = kindOf(text);
    if (kind == null) {
      throw new InvalidValueException(
          "a Redis URI starts with redis:// (or rediss:// for TLS), redis-sentinel:// or"
              + " redis-cluster://; write "
              + Kind.SERVER.form);
    }
    return kind;
  }

  private static @Nullable Kind kindOf(String text) {
    String scheme = scheme(text);
    for (Kind kind : Kind.values()) {
      if (scheme.equals(kind.scheme) || scheme.equals(kind.scheme.replace("redis", "rediss"))) {
        return kind;
      }
    }
    return null;
  }

  private static String scheme(String text) {
    int end = text.indexOf("://");
    return end < 0 ? "" : text.substring(0, end).toLowerCase(Locale.ROOT);
  }

  /** Checks a URI that names one server; of several, each is checked in turn. */
  private static void check(String text, Kind kind) throws InvalidValueException {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidValueException(
          "not a URI at character "
              + (e.getIndex() + 1)
              + "; write "
              + kind.form
              + ", with special characters in the password percent-encoded (@ as %40)");
    }
    if (uri.getHost() == null) {
      throw new InvalidValueException(
          "no valid host name (an underscore is not allowed in one, and special characters in the"
              + " password must be percent-encoded, @ as %40); write "
              + kind.form);
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new InvalidValueException("the port is out of range, must be from 1 to 65535");
    }
    if (!DATABASE.matcher(uri.getPath()).matches()) {
      throw new InvalidValueException("the database must be a number, like redis://host:6379/0");
    }
    checkFragment(uri.getFragment(), kind);
    checkParameters(uri.getQuery(), kind);
    if (kind == Kind.CLUSTER && !uri.getPath().isEmpty() && !uri.getPath().matches("/0*")) {
      throw new InvalidValueException("a Cluster has database 0 only; write " + kind.form);
    }
  }

  private static void checkFragment(@Nullable String fragment, Kind kind)
      throws InvalidValueException {
    boolean named = fragment != null && !fragment.isBlank();
    if (kind == Kind.SENTINEL && !named) {
      throw new InvalidValueException(
          "the name of the primary, as Sentinel knows it, is missing after #; write " + kind.form);
    }
    if (kind != Kind.SENTINEL && fragment != null) {
      throw new InvalidValueException("such a URI has no part after #; write " + kind.form);
    }
  }

  private static void checkParameters(@Nullable String query, Kind kind)
      throws InvalidValueException {
    if (query == null) {
      return;
    }
    for (String parameter : query.split("&", -1)) {
      String name = parameter.replaceFirst("=.*", "").toLowerCase(Locale.ROOT);
      if (name.equals("timeout")) {
        throw new InvalidValueException(
            "the timeout does not belong in the URI; set redis.timeout");
      }
      if (name.equals("sentinelmasterid")) {
        throw new InvalidValueException(
            "the primary's name belongs after #; write " + Kind.SENTINEL.form);
      }
      if (!PARAMETERS.contains(name)) {
        throw new InvalidValueException(
            "unknown parameter after the ?, must be one of database, clientName, verifyPeer");
      }
      if (kind == Kind.CLUSTER && name.startsWith("d")) {
        throw new InvalidValueException("a Cluster has database 0 only; write " + kind.form);
      }
      String value = parameter.substring(parameter.indexOf('=') + 1).toLowerCase(Locale.ROOT);
      if (name.equals("verifypeer") && !VERIFY_PEER.contains(value)) {
        throw new InvalidValueException("verifyPeer must be one of full, ca, none");
      }
      if (name.startsWith("d") && !value.matches("\\d{1,9}")) {
        throw new InvalidValueException("the database must be a number, like redis://host:6379/0");
      }
    }
  }

  /** Scheme, hosts and ports of a URI that was accepted. */
  @Override
  public String format(String value) {
    int hosts = startOfHosts(value);
    String credentials = value.indexOf('@') < 0 ? "" : "***@";
    return scheme(value) + "://" + credentials + value.substring(hosts, endOfHosts(value, hosts));
  }

  /**
   * As {@link #format} if the text is accepted; else only the scheme, because the rest may be
   * anything.
   */
  @Override
  public String shown(String text) {
    try {
      return format(parse(text));
    } catch (InvalidValueException e) {
      return kindOf(text) == null ? "***" : scheme(text) + "://***";
    }
  }

  @Override
  public String allowed() {
    return "`redis://`, `redis-sentinel://`, `redis-cluster://`; with TLS `rediss://`, ...";
  }
}
