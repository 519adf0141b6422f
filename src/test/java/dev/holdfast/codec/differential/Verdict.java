package dev.holdfast.codec.differential;

/**
 * What came of one value.
 *
 * @param kind how the codec did
 * @param why the difference, or why the codec or Java serialization refused; empty when equal
 */
record Verdict(Kind kind, String why) {

  enum Kind {
    /** The codec brings what Java serialization brings. */
    EQUAL,
    /** Java serialization brings something, the codec refuses. */
    LOCAL,
    /** Both refuse. */
    REFUSED,
    /** A plain root value, which the codec keeps as documented and Java serialization refuses. */
    PLAIN,
    /** Anything else: a fault of the codec. */
    DIFFERENT
  }

  boolean isDifferent() {
    return kind == Kind.DIFFERENT;
  }

  static Verdict different(String why) {
    return new Verdict(Kind.DIFFERENT, why);
  }
}
