package dev.holdfast.redis;

/**
 * Where user and password for Redis should be, there are none. The message names the setting and
 * the remedy and shows nothing of them; there is no cause, which might.
 */
final class UnusableCredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableCredentialsException(String message) {
    super(message);
  }
}
