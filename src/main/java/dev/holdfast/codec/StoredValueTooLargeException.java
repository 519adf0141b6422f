package dev.holdfast.codec;

/**
 * Stored bytes declare more than they can hold, or are nested deeper than anything that was
 * written. Nothing was allocated for what they declare.
 */
public final class StoredValueTooLargeException extends UndecodableValueException {
  private static final long serialVersionUID = 1L;

  StoredValueTooLargeException(String message) {
    super(message, null);
  }
}
