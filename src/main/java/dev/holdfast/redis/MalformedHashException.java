package dev.holdfast.redis;

/** A hash is not that of a session; the message says why. */
class MalformedHashException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedHashException(String message) {
    super(message);
  }
}
