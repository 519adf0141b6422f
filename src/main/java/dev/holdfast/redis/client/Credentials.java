package dev.holdfast.redis.client;

import dev.holdfast.api.CredentialsProvider;
import dev.holdfast.config.RedisSettings;
import dev.holdfast.security.NamedClass;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.StaticCredentialsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads user and password from where they are kept outside the URI. */
final class Credentials {
  private Credentials() {}

  /**
   * The source to ask at each connect; null when the URI holds them. Asking may block, and throws
   * {@link UnusableCredentialsException} when there are none.
   *
   * @param loader of the application
   * @throws IllegalArgumentException when the class that should give them cannot be used
   */
  static @Nullable Supplier<RedisCredentials> source(RedisSettings settings, ClassLoader loader) {
    String name = settings.credentialsProvider();
    if (!name.isEmpty()) {
      CredentialsProvider provider =
          NamedClass.instance(
              "redis.credentials-provider", name, CredentialsProvider.class, loader);
      return () -> ask(provider, name, loader);
    }
    if (!settings.credentials().isEmpty()) {
      Path file = Path.of(settings.credentials());
      return () -> read(file);
    }
    return null;
  }

  private static RedisCredentials ask(
      CredentialsProvider provider, String name, ClassLoader loader) {
    String subject = "redis.credentials-provider: " + name;
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    CredentialsProvider.@Nullable Credentials given;
    thread.setContextClassLoader(loader);
    try {
      given = provider.credentials();
    } catch (Exception | LinkageError | AssertionError e) {
      throw new UnusableCredentialsException(
          subject
              + " threw "
              + NamedClass.place(e)
              + "; its message may hold a password and is not shown: let the class log it, and"
              + " mend it");
    } finally {
      thread.setContextClassLoader(before);
    }
    if (given == null) {
      throw new UnusableCredentialsException(
          subject + " gave null; it must give a user, or none, and a password");
    }
    return of(subject, given.user(), given.password());
  }

  /** Reads {@code user:password}, or a password, from a file. */
  private static RedisCredentials read(Path file) {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException e) {
      throw new UnusableCredentialsException(
          "redis.credentials: "
              + file
              + " cannot be read ("
              + e.getClass().getName()
              + "); it must be there and hold user:password, or a password, in UTF-8");
    }
    return of("redis.credentials: " + file, user(text), password(text));
  }

  /** Insists on a password: without one, the connection would be that of Redis's default user. */
  private static RedisCredentials of(
      String subject, @Nullable String user, @Nullable String password) {
    if (password == null || password.isEmpty()) {
      throw new UnusableCredentialsException(
          subject + " has no password; it must give a user, or none, and a password");
    }
    return RedisCredentials.just(user, password);
  }

  /**
   * Hands the credentials to Lettuce ready for use. With any other kind of provider, Lettuce ends
   * the handshake on a thread of the common pool: it gives out the connection before the
   * connection's own thread knows that it is open, and what is sent first may be rejected.
   */
  static RedisCredentialsProvider atHand(RedisCredentials credentials) {
    return new StaticCredentialsProvider(credentials);
  }

  /** {@code user:password}, or a password. */
  static RedisCredentials of(String text) {
    return RedisCredentials.just(user(text), password(text));
  }

  private static @Nullable String user(String text) {
    int colon = text.indexOf(':');
    return colon <= 0 ? null : text.substring(0, colon);
  }

  private static String password(String text) {
    return text.substring(text.indexOf(':') + 1);
  }
}
