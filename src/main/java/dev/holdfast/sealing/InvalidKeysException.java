package dev.holdfast.sealing;

import org.jspecify.annotations.Nullable;

/**
 * Encryption keys are missing or malformed. The message names each key by its place and never shows
 * one.
 */
public final class InvalidKeysException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InvalidKeysException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
