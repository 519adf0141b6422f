package dev.holdfast.redis.client;

import org.jspecify.annotations.Nullable;

/** A reply cannot be that to the command it came for: the connection is out of step. */
final class MixedUpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MixedUpException(@Nullable Throwable cause) {
    super("the reply belongs to another command; the connection was dropped", cause);
  }
}
