package dev.holdfast.codec;

/** Something in the graph cannot be stored; caught by the codec, which finds out where it sits. */
final class RefusedClassException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final transient Class<?> type;
  final String reason;

  RefusedClassException(Class<?> type, String reason) {
    super(type.getName() + ": " + reason, null, false, false);
    this.type = type;
    this.reason = reason;
  }
}
