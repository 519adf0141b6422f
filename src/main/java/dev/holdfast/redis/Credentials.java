package dev.holdfast.redis;

import dev.holdfast.config.RedisSettings;
import dev.holdfast.security.CredentialsProvider;
import dev.holdfast.security.NamedClass;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.StaticCredentialsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Users and passwords from where they are kept outside the URI. */
final class Credentials {
  private Credentials() {}

  /**
   * Where to ask for them at each connect, or null when those in the URI are meant. Asking may
   * block, and throws {@link UnusableCredentialsException} when there are none.
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

  /** {@code user:password}, or a password, in a file. */
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

  /** Who connects without a password would be Redis's default user, and not the one meant. */
  private static RedisCredentials of(
      String subject, @Nullable String user, @Nullable String password) {
    if (password == null || password.isEmpty()) {
      throw new UnusableCredentialsException(
          subject + " has no password; it must give a user, or none, and a password");
    }
    return RedisCredentials.just(user, password);
  }

  /**
   * For Lettuce, which takes those of any other kind of provider to a thread of the common pool and
   * ends the handshake there: the connection is handed out before its own thread knows that it is
   * open, and what is sent first may be rejected.
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
