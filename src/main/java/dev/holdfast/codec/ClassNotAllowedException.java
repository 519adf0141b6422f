package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/**
 * A value cannot be kept in a session only because a class is not on the allow-list; the message
 * names the setting that puts it there.
 */
public final class ClassNotAllowedException extends UnencodableValueException {
  private static final long serialVersionUID = 1L;

  ClassNotAllowedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
