package dev.holdfast.api;

/**
 * This node has created as many sessions as {@code sessions.create-rate} allows. The request is
 * answered like one that needs its session while the store is away: 503 with Retry-After.
 */
public final class TooManySessionsException extends SessionStoreUnavailableException {
  private static final long serialVersionUID = 1L;

  public TooManySessionsException(String message) {
    super(message, null);
  }
}
