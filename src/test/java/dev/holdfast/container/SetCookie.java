package dev.holdfast.container;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One {@code Set-Cookie} header.
 *
 * @param attributes names in lower case to values, empty for flags such as {@code secure}
 * @param raw the header as it came
 */
public record SetCookie(String name, String value, Map<String, String> attributes, String raw) {

  static SetCookie parse(String header) {
    String[] parts = header.split(";");
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 1; i < parts.length; i++) {
      attributes.put(before(parts[i]).strip().toLowerCase(Locale.ROOT), after(parts[i]).strip());
    }
    return new SetCookie(before(parts[0]).strip(), after(parts[0]).strip(), attributes, header);
  }

  private static String before(String pair) {
    int equals = pair.indexOf('=');
    return equals < 0 ? pair : pair.substring(0, equals);
  }

  private static String after(String pair) {
    int equals = pair.indexOf('=');
    return equals < 0 ? "" : pair.substring(equals + 1);
  }

  /** Whether it has this attribute or flag, in lower case. */
  public boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  /** The path it is for; the root if it names none. */
  public String path() {
    String path = attributes.getOrDefault("path", "");
    return path.startsWith("/") ? path : "/";
  }

  /** Whether it tells the browser to forget the cookie. */
  public boolean expires() {
    String maxAge = attributes.get("max-age");
    return maxAge != null
        ? Long.parseLong(maxAge) <= 0
        : attributes.getOrDefault("expires", "").contains("1970");
  }
}
