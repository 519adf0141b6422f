package dev.holdfast.session;

import dev.holdfast.api.SessionStoreUnavailableException;

/**
 * A request did not get the lock of its session in time. It is answered like one whose session is
 * not available, before anything of the application has run.
 */
public final class LockTimeoutException extends SessionStoreUnavailableException {
  private static final long serialVersionUID = 1L;

  LockTimeoutException(String message) {
    super(message, null);
  }
}
