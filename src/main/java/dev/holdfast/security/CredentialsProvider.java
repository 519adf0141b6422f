package dev.holdfast.security;

import org.jspecify.annotations.Nullable;

/**
 * Where user and password for Redis come from, for who keeps them in a vault: the setting {@code
 * redis.credentials-provider} names a class of this kind, with a public constructor without
 * arguments.
 */
public interface CredentialsProvider {

  /**
   * User and password as they are now. Asked at each connect, and never before the first, by a
   * thread that connects and does nothing else: it may wait, such as for a vault, but until it
   * returns there is no new connection, and requests that need one are answered 503. Several
   * threads may ask at once. The thread's context class loader is the application's.
   *
   * <p>When it throws, returns null or has no password, there is no connection, and it is asked
   * again at the next attempt, half a second later at most. What it throws is named by its class
   * and place only, since the message may hold a password.
   */
  Credentials credentials();

  /**
   * What Redis is told by {@code AUTH}.
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
