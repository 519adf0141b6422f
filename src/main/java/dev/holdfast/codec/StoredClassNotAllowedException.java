package dev.holdfast.codec;

/**
 * Stored bytes name a class that is not on the allow-list. The class was neither loaded nor
 * initialised. The message names the class and the setting that allows it.
 */
public final class StoredClassNotAllowedException extends UndecodableValueException {
  private static final long serialVersionUID = 1L;

  StoredClassNotAllowedException(String message) {
    super(message, null);
  }
}
