package dev.holdfast.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Users and passwords from where they are kept outside the URI. */
final class Credentials {
  private Credentials() {}

  /** Reads {@code file} at each connect: {@code user:password}, or a password. */
  static RedisCredentialsProvider file(Path file) {
    return RedisCredentialsProvider.from(
        () -> {
          try {
            return of(Files.readString(file).strip());
          } catch (IOException e) {
            throw new UncheckedIOException("redis.credentials cannot be read", e);
          }
        });
  }

  /** {@code user:password}, or a password. */
  static RedisCredentials of(String text) {
    int colon = text.indexOf(':');
    @Nullable String user = colon <= 0 ? null : text.substring(0, colon);
    return RedisCredentials.just(user, text.substring(colon + 1));
  }
}
