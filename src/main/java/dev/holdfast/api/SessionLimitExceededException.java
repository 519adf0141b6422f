package dev.holdfast.api;

/**
 * A value is refused because it is too large, makes the session too large, or would be one
 * attribute too many. The old value stays. The message names the limit's setting.
 */
public final class SessionLimitExceededException extends UnencodableValueException {
  private static final long serialVersionUID = 1L;

  public SessionLimitExceededException(String message) {
    super(message, null);
  }

  /** Puts words in front of the message of {@code e}. */
  public SessionLimitExceededException(String before, SessionLimitExceededException e) {
    super(before + e.getMessage(), e);
  }
}
