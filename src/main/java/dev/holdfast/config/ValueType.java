package dev.holdfast.config;

/**
 * How the text of a setting becomes a value and back.
 *
 * @param <T> the value's class
 */
interface ValueType<T> {

  /**
   * Reads a value.
   *
   * @param text trimmed and not empty
   * @throws InvalidValueException if the text is malformed or out of range
   */
  T parse(String text) throws InvalidValueException;

  /** The value as an administrator would write it, with credentials hidden. */
  String format(T value);

  /**
   * What other nodes are told of a value on which all should agree. Types that hold a secret, or an
   * address that may differ by node, tell only that there is one.
   */
  default String compared(T value) {
    return format(value);
  }

  /** What may be written, for the documentation; Markdown. */
  String allowed();

  /** A text as it may be shown in a message. Types that hold credentials hide them. */
  default String shown(String text) {
    return text;
  }
}
