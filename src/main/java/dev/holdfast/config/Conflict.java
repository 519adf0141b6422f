package dev.holdfast.config;

/**
 * What happens to a change in place of an attribute that another node has written in the meantime
 * (setting {@code conflict}).
 */
public enum Conflict {
  /** The attribute keeps what the other node wrote, the rest is saved; a warning says so. */
  DROP,
  /** The request is answered with 409. */
  FAIL
}
