package dev.holdfast.api;

import dev.holdfast.text.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A value cannot be kept in a session. The message names the class, the path to it and the remedy.
 */
public class UnencodableValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The message is made printable: it may repeat what the value's own code said. */
  public UnencodableValueException(String message, @Nullable Throwable cause) {
    super(Printable.message(message), cause);
  }
}
