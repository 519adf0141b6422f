package dev.holdfast.store;

import org.jspecify.annotations.Nullable;

/**
 * The backup did not do what it was asked; whether a write has happened is unknown. The message
 * names the operation, the table, the database's own code and what to do, and never a session.
 */
public class BackupUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BackupUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
