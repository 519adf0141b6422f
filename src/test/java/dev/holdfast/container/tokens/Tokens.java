package dev.holdfast.container.tokens;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The token of each session, as libraries against forged requests keep it. */
final class Tokens {
  private static final Map<String, String> BY_SESSION_ID = new ConcurrentHashMap<>();

  private Tokens() {}

  static String of(String sessionId) {
    return BY_SESSION_ID.computeIfAbsent(sessionId, id -> UUID.randomUUID().toString());
  }

  static boolean isOf(String sessionId, @Nullable String token) {
    String known = BY_SESSION_ID.get(sessionId);
    return known != null && known.equals(token);
  }

  static void move(String oldId, String newId) {
    String token = BY_SESSION_ID.remove(oldId);
    if (token != null) {
      BY_SESSION_ID.put(newId, token);
    }
  }
}
