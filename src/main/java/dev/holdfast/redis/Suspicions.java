package dev.holdfast.redis;

import dev.holdfast.api.SecurityEvent.Kind;
import dev.holdfast.redis.client.Redis;
import dev.holdfast.security.SecurityEvents;
import org.jspecify.annotations.Nullable;

/** Reports replies and data from Redis that should not be there. */
final class Suspicions {
  private final Redis redis;
  private final SecurityEvents security;

  Suspicions(Redis redis, SecurityEvents security) {
    this.redis = redis;
    this.security = security;
  }

  /** Reports that a reply belongs to another command. */
  void mixedUp(@Nullable String locator, Exception e) {
    security.report(
        Kind.MIXED_UP_REPLY,
        locator,
        "Redis at "
            + redis.topology().address()
            + " - a reply belongs to another command, and the connection was dropped: "
            + e.getMessage());
  }

  /** Reports that somebody else writes to our keys, or has copied them. */
  void foreign(Kind kind, String locator, String fault) {
    security.report(
        kind,
        locator,
        "Redis at "
            + redis.topology().address()
            + " - the session is not as this library writes it: "
            + fault);
  }
}
