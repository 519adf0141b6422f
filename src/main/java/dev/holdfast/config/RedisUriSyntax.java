package dev.holdfast.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a Redis URI may look like, and how to show one without its credentials. */
final class RedisUriSyntax implements ValueType<String> {

  private static final String FORM = "redis://[user:password@]host[:port][/database]";
  private static final Set<String> PARAMETERS =
      Set.of("database", "db", "clientname", "verifypeer");
  private static final Pattern DATABASE = Pattern.compile("/?|/\\d{1,5}");

  /**
   * The same URI with {@code ***} for the credentials and the query. Works on text that is no valid
   * URI too: everything between the scheme, if there is one, and the last {@code @} is hidden.
   */
  static String masked(String uri) {
    int at = uri.lastIndexOf('@');
    int query = uri.indexOf('?', at + 1);
    String tail = query < 0 ? uri : uri.substring(0, query) + "?***";
    if (at < 0) {
      return tail;
    }
    int scheme = uri.indexOf("://");
    String head = scheme >= 0 && scheme < at ? uri.substring(0, scheme + 3) : "";
    return head + "***" + tail.substring(at);
  }

  @Override
  public String parse(String text) throws InvalidValueException {
    checkScheme(text);
    if (authority(text).contains(",")) {
      throw notYet("several servers (Sentinel or Cluster)");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidValueException(
          "not a URI at character "
              + (e.getIndex() + 1)
              + "; write "
              + FORM
              + ", with special characters in the password percent-encoded (@ as %40)");
    }
    if (uri.getHost() == null) {
      throw new InvalidValueException(
          "no valid host name (an underscore is not allowed in one, and special characters in the"
              + " password must be percent-encoded, @ as %40); write "
              + FORM);
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new InvalidValueException("the port is out of range, must be from 1 to 65535");
    }
    if (!DATABASE.matcher(uri.getPath()).matches()) {
      throw new InvalidValueException("the database must be a number, like redis://host:6379/0");
    }
    if (uri.getFragment() != null) {
      throw new InvalidValueException("a Redis URI has no part after #; write " + FORM);
    }
    checkParameters(uri.getQuery());
    return text;
  }

  private static void checkScheme(String text) throws InvalidValueException {
    int end = text.indexOf("://");
    String scheme = end < 0 ? "" : text.substring(0, end).toLowerCase(Locale.ROOT);
    if (scheme.contains("sentinel")) {
      throw notYet("Sentinel");
    }
    if (scheme.contains("cluster")) {
      throw notYet("Cluster");
    }
    if (!scheme.equals("redis") && !scheme.equals("rediss")) {
      throw new InvalidValueException(
          "a Redis URI starts with redis:// (or rediss:// for TLS); write " + FORM);
    }
  }

  private static String authority(String text) {
    String rest = text.substring(text.indexOf("://") + 3);
    int end = rest.indexOf('/', rest.lastIndexOf('@') + 1);
    String authority = end < 0 ? rest : rest.substring(0, end);
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  private static void checkParameters(@Nullable String query) throws InvalidValueException {
    if (query == null) {
      return;
    }
    for (String parameter : query.split("&", -1)) {
      String name = parameter.replaceFirst("=.*", "").toLowerCase(Locale.ROOT);
      if (name.equals("timeout")) {
        throw new InvalidValueException(
            "the timeout does not belong into the URI; set redis.timeout");
      }
      if (name.equals("sentinelmasterid")) {
        throw notYet("Sentinel");
      }
      if (!PARAMETERS.contains(name)) {
        throw new InvalidValueException(
            "unknown parameter after the ?, must be one of database, clientName, verifyPeer");
      }
    }
  }

  private static InvalidValueException notYet(String what) {
    return new InvalidValueException(
        what + " is not supported yet; name one server as redis://host:port");
  }

  /** The URI with its credentials hidden. */
  @Override
  public String format(String value) {
    return masked(value);
  }

  @Override
  public String shown(String text) {
    return masked(text);
  }

  @Override
  public String allowed() {
    return "`redis://` or `rediss://`";
  }
}
