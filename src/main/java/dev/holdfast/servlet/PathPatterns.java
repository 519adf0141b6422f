package dev.holdfast.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Recognises requests by URL patterns (Servlet 6.1, 12.2), of which {@code /} is none. */
final class PathPatterns {
  private final Set<String> exact = new HashSet<>();
  private final List<String> prefixes;
  private final List<String> suffixes;

  /** For paths, {@code /a/*} and {@code *.a}. */
  PathPatterns(Collection<String> patterns) {
    // Servlet 6.1, 12.2: /a/* also is /a.
    this.prefixes =
        patterns.stream()
            .filter(path -> path.endsWith("/*"))
            .map(path -> path.substring(0, path.length() - 2))
            .toList();
    this.suffixes =
        patterns.stream()
            .filter(path -> path.startsWith("*."))
            .map(path -> path.substring(1))
            .toList();
    patterns.stream().filter(path -> !path.contains("*")).forEach(exact::add);
  }

  boolean matches(HttpServletRequest request) {
    if (exact.isEmpty() && prefixes.isEmpty() && suffixes.isEmpty()) {
      return false;
    }
    String info = request.getPathInfo();
    String path = request.getServletPath() + (info == null ? "" : info);
    return exact.contains(path)
        || suffixes.stream().anyMatch(path::endsWith)
        || prefixes.stream()
            .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
  }
}
