package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * The backup did not do what it was asked; it is unknown whether a write has happened. The message
 * names the operation, the table, the database's own code and what to do, and never a session.
 */
public class BackupUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BackupUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
