package dev.holdfast.servlet;

import dev.holdfast.config.LockSettings;
import jakarta.servlet.http.HttpServletRequest;

/** Recognises requests that take the lock of their session, by the path on which they arrive. */
final class LockedRequests {
  private final boolean on;
  private final PathPatterns paths;
  private final PathPatterns except;

  LockedRequests(LockSettings settings) {
    this.on = settings.isOn();
    this.paths = new PathPatterns(settings.paths());
    this.except = new PathPatterns(settings.exceptPaths());
  }

  boolean matches(HttpServletRequest request) {
    return on && paths.matches(request) && !except.matches(request);
  }
}
