package dev.holdfast.config;

/** How an attribute is found to have changed (setting {@code changes}). */
public enum ChangeDetection {
  /**
   * By content: what a request read or set is encoded and compared at commit, so that an object
   * changed in place is saved. Costs one encoding for every attribute of a mutable type that was
   * read.
   */
  CONTENT,
  /**
   * Only {@code setAttribute} counts. Costs nothing for reads; an object changed in place is not
   * saved.
   */
  SET
}
