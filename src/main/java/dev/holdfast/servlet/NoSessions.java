package dev.holdfast.servlet;

import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** Knows no session, for the sake of security (Servlet 4.0, {@code HttpSessionContext}). */
enum NoSessions implements HttpSessionContext {
  INSTANCE;

  /**
   * By the type that the caller returns: else the JVM loads that type when it verifies the caller,
   * and a WAR that Apache's migration tool has turned has none of that name.
   */
  static HttpSessionContext context() {
    return INSTANCE;
  }

  @Override
  public @Nullable HttpSession getSession(String id) {
    return null;
  }

  @Override
  public Enumeration<String> getIds() {
    return Collections.emptyEnumeration();
  }
}
