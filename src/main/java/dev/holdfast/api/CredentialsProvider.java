package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * Provides the user and password for Redis, for those who keep them in a vault. The setting {@code
 * redis.credentials-provider} names an implementation, which needs a public constructor without
 * arguments.
 */
public interface CredentialsProvider {

  /**
   * The user and password as they are now. Called at each connect, and never before the first, on a
   * thread that does nothing but connect. It may wait, for a vault for instance, but until it
   * returns there is no new connection, and requests that need one are answered 503. Several
   * threads may call it at once. The thread's context class loader is the application's.
   *
   * <p>If it throws, returns null or gives no password, there is no connection, and the next
   * attempt, half a second later at most, calls it again. Logs name the class and place of what it
   * throws and nothing else, because the message may hold a password.
   */
  Credentials credentials();

  /**
   * What is sent to Redis with {@code AUTH}.
   *
   * @param user null for Redis's default user
   * @param password not empty
   */
  record Credentials(@Nullable String user, String password) {

    /** Hides the password. */
    @Override
    public String toString() {
      return "Credentials[user=" + user + ", password=***]";
    }
  }
}
