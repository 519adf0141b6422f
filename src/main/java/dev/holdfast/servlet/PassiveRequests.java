package dev.holdfast.servlet;

import dev.holdfast.config.LifetimeSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * Recognises requests that use a session and do not keep it alive, such as those that a page sends
 * by itself: if they counted, a session would never be idle while a browser is open (ASVS 7.3.1).
 */
final class PassiveRequests {
  private final PathPatterns paths;
  private final List<String> headers;

  PassiveRequests(LifetimeSettings settings) {
    this.headers = List.copyOf(settings.passiveHeaders());
    this.paths = new PathPatterns(settings.passivePaths());
  }

  boolean matches(HttpServletRequest request) {
    for (String header : headers) {
      if (request.getHeader(header) != null) {
        return true;
      }
    }
    return paths.matches(request);
  }
}
