package dev.holdfast.sealing;

/**
 * Bytes that were not written, under this name in this session, by a holder of the key: changed,
 * cut off, copied from elsewhere, or in the clear where that is not accepted.
 */
public final class BrokenSealException extends Exception {
  private static final long serialVersionUID = 1L;

  public BrokenSealException(String message) {
    super(message);
  }
}
