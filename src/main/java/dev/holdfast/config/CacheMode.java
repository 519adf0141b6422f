package dev.holdfast.config;

/** Whether Redis is asked before a copy of a session is used (setting {@code cache}). */
public enum CacheMode {
  /** Each request asks whether the copy is current, which is one wait. */
  CHECK,
  /** Redis tells of each change, and a request that only reads what is here asks nothing. */
  TRACKING
}
