package dev.holdfast.redis;

/**
 * What was read belongs to another session: the reply answers another command, or the hash was
 * copied.
 */
final class ForeignReplyException extends MalformedHashException {
  private static final long serialVersionUID = 1L;

  ForeignReplyException(String message) {
    super(message);
  }
}
