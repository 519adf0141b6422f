package dev.holdfast.api;

/**
 * A value cannot be kept in a session because its own code fails, or because what that code writes
 * cannot be read. Unlike the class of a value, this may change: perhaps a field is yet to be
 * filled.
 */
public final class FailedValueException extends UnencodableValueException {
  private static final long serialVersionUID = 1L;

  public FailedValueException(String message, Exception cause) {
    super(message, cause);
  }
}
