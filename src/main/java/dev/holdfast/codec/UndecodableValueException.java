package dev.holdfast.codec;

import dev.holdfast.text.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Stored bytes cannot be turned into a value by this version of the application. The message names
 * the class.
 */
public class UndecodableValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message is made printable: it may repeat what the value's own code said. */
  public UndecodableValueException(String message, @Nullable Throwable cause) {
    super(Printable.message(message), cause);
  }
}
