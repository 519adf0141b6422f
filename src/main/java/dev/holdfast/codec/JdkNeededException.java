package dev.holdfast.codec;

/** Kryo met a class that only JDK serialization gets right. A signal, not a fault. */
final class JdkNeededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JdkNeededException(Class<?> type) {
    super(type.getName(), null, false, false);
  }
}
