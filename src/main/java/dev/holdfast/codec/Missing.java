package dev.holdfast.codec;

/**
 * Stands for an object whose class is gone, inside a field that is gone too. It has to be read all
 * the same: objects within it are counted, and may be referred to later.
 */
final class Missing {
  final String className;

  Missing(String className) {
    this.className = className;
  }

  /** An enum constant takes part in no references, so it needs a class of its own. */
  enum Constant {
    MISSING
  }
}
