package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/**
 * A value cannot be kept in a session. The message names the class, the path to it and the remedy.
 */
public class UnencodableValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UnencodableValueException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
