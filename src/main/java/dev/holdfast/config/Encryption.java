package dev.holdfast.config;

/**
 * What is encrypted in Redis (setting {@code encryption}). Every mode reads sessions that are
 * stored encrypted, if their key is there.
 */
public enum Encryption {
  /** Nothing is encrypted. */
  OFF,
  /**
   * Everything that is written is encrypted; what is stored in the clear can still be read, until
   * it is written again.
   */
  MIGRATE,
  /**
   * Everything is encrypted; a session that is stored in the clear is refused as if it had been
   * tampered with.
   */
  REQUIRED
}
