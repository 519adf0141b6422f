package dev.holdfast.config;

/** What happens to a value that cannot be stored (setting {@code unserializable}). */
public enum Unserializable {
  /**
   * It stays on the node that set it, as in a container that keeps sessions in memory; a warning
   * says so.
   */
  LOCAL,
  /** {@code setAttribute} throws an IllegalArgumentException that names class, path and remedy. */
  REFUSE
}
