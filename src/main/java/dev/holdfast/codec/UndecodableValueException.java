package dev.holdfast.codec;

import org.jspecify.annotations.Nullable;

/**
 * Stored bytes cannot be turned into a value by this version of the application. The message names
 * the class.
 */
public class UndecodableValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UndecodableValueException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
