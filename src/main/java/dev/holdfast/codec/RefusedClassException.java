package dev.holdfast.codec;

import java.io.Serializable;

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

  /**
   * Whether the class is merely not on the allow-list. One that is not Serializable was never meant
   * to leave its JVM: that it is not allowed either is no news.
   */
  boolean isOnlyNotAllowed() {
    Class<?> element = Routes.named(type);
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return reason.equals(Routes.notAllowed(Routes.named(type)))
        && (element.isInterface() || Serializable.class.isAssignableFrom(element));
  }
}
