package dev.holdfast.codec;

/** A value leads back to itself through something that cannot be made before its content. */
final class CyclicValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final transient Class<?> type;

  CyclicValueException(Class<?> type) {
    super(type.getName(), null, false, false);
    this.type = type;
  }
}
