package dev.holdfast.sealing;

/**
 * Bytes sealed with a key, or in a format, that this node does not have. They may well be intact.
 */
public final class UnknownKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnknownKeyException(String message) {
    super(message);
  }
}
