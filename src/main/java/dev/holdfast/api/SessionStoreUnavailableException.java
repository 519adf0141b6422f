package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The session store did not answer. A read had no effect; a write may or may not have happened. The
 * message names the operation, the store without credentials, its state and what to do, and never a
 * session id.
 */
public class SessionStoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SessionStoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
