package dev.holdfast.codec.differential;

/** What generated classes have in common: a number to compare and hash by. */
public interface Cell {
  /** The number, which may change. */
  int number();
}
