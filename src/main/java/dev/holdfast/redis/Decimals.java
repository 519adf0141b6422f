package dev.holdfast.redis;

import org.jspecify.annotations.Nullable;

/**
 * Whole numbers as the scripts write them into a field: decimal, in ASCII, with a space between. A
 * field is read with every request, so no text and no match is made of it.
 */
final class Decimals {
  private static final long[] NONE = {};

  /** Of one number; so none overflows a long. */
  private static final int MOST_DIGITS = 18;

  private static final int MOST_NUMBERS = 5;

  private Decimals() {}

  /** One to five numbers of at most 18 digits each; none when the bytes are anything else. */
  static long[] of(byte @Nullable [] text) {
    return of(text, 0);
  }

  /** The same of what follows {@code from}; none for a field that is not there. */
  static long[] of(byte @Nullable [] text, int from) {
    if (text == null) {
      return NONE;
    }
    int count = 1;
    for (int i = from; i < text.length; i++) {
      count += text[i] == ' ' ? 1 : 0;
    }
    if (count > MOST_NUMBERS) {
      return NONE;
    }
    long[] numbers = new long[count];
    int at = from;
    for (int i = 0; i < count; i++) {
      boolean negative = at < text.length && text[at] == '-';
      at += negative ? 1 : 0;
      int first = at;
      long number = 0;
      while (at < text.length && text[at] >= '0' && text[at] <= '9' && at - first < MOST_DIGITS) {
        number = 10 * number + text[at] - '0';
        at++;
      }
      boolean ends = i == count - 1 ? at >= text.length : at < text.length && text[at] == ' ';
      if (at == first || !ends) {
        return NONE;
      }
      numbers[i] = negative ? -number : number;
      at++;
    }
    return numbers;
  }
}
