package dev.holdfast.servlet;

import dev.holdfast.config.LifetimeSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recognises requests that use a session and do not keep it alive, such as those that a page sends
 * by itself: if they counted, a session would never be idle while a browser is open (ASVS 7.3.1).
 */
final class PassiveRequests {
  private final Set<String> exact = new HashSet<>();
  private final List<String> prefixes;
  private final List<String> suffixes;
  private final List<String> headers;

  PassiveRequests(LifetimeSettings settings) {
    this.headers = List.copyOf(settings.passiveHeaders());
    // Servlet 6.1, 12.2: /a/* also is /a.
    this.prefixes =
        settings.passivePaths().stream()
            .filter(path -> path.endsWith("/*"))
            .map(path -> path.substring(0, path.length() - 2))
            .toList();
    this.suffixes =
        settings.passivePaths().stream()
            .filter(path -> path.startsWith("*."))
            .map(path -> path.substring(1))
            .toList();
    settings.passivePaths().stream().filter(path -> !path.contains("*")).forEach(exact::add);
  }

  boolean matches(HttpServletRequest request) {
    for (String header : headers) {
      if (request.getHeader(header) != null) {
        return true;
      }
    }
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
