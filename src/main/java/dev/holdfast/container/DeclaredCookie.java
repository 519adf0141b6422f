package dev.holdfast.container;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code <cookie-config>} of web.xml, as written.
 *
 * @param name or null
 * @param path or null
 * @param domain or null
 * @param maxAge in seconds; -1 for a cookie that ends with the browser
 * @param secure whether {@code <secure>true</secure>} stands there
 * @param httpOnlyRefused whether {@code <http-only>false</http-only>} stands there
 * @param attributes what {@code <attribute>} elements say, such as {@code SameSite}
 */
public record DeclaredCookie(
    @Nullable String name,
    @Nullable String path,
    @Nullable String domain,
    int maxAge,
    boolean secure,
    boolean httpOnlyRefused,
    Map<String, String> attributes) {
  public static final DeclaredCookie NONE =
      new DeclaredCookie(null, null, null, -1, false, false, Map.of());

  public DeclaredCookie {
    attributes = Map.copyOf(attributes);
  }

  /** Reads the elements of a {@code <cookie-config>}, given by their names. */
  static DeclaredCookie of(Map<String, String> elements, Map<String, String> attributes) {
    String maxAge = elements.getOrDefault("max-age", "");
    return new DeclaredCookie(
        elements.get("name"),
        elements.get("path"),
        elements.get("domain"),
        maxAge.matches("-?\\d{1,9}") ? Integer.parseInt(maxAge) : -1,
        "true".equals(elements.get("secure")),
        "false".equals(elements.get("http-only")),
        attributes);
  }
}
