package dev.holdfast.redis.client;

/**
 * User and password for Redis are not where they should be. The message names the setting and the
 * remedy and shows nothing of them; there is no cause, because a cause might show them.
 */
final class UnusableCredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableCredentialsException(String message) {
    super(message);
  }
}
