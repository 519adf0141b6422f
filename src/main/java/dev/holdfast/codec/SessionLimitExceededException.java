package dev.holdfast.codec;

/**
 * A value is refused for its size: its own, or that of the session with it, or one attribute too
 * many. The old value stays. The message names the limit's setting.
 */
public final class SessionLimitExceededException extends UnencodableValueException {
  private static final long serialVersionUID = 1L;

  public SessionLimitExceededException(String message) {
    super(message, null);
  }

  /** The same with words in front. */
  public SessionLimitExceededException(String before, SessionLimitExceededException e) {
    super(before + e.getMessage(), e);
  }
}
