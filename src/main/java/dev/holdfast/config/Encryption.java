package dev.holdfast.config;

/**
 * What is encrypted in Redis (setting {@code encryption}). Sessions that are stored encrypted are
 * read in each of the modes, if their key is there.
 */
public enum Encryption {
  /** Nothing that is written. */
  OFF,
  /**
   * Everything that is written; what is stored in the clear is read all the same, until it is
   * written.
   */
  MIGRATE,
  /**
   * Everything; a session that is stored in the clear is refused as if it had been tampered with.
   */
  REQUIRED
}
