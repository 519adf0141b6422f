package dev.holdfast.redis;

import java.nio.charset.StandardCharsets;

/** Converts the text of Redis's keys, fields, numbers and words: one byte for each character. */
final class Ascii {
  private Ascii() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Every byte becomes one character, even a byte that is not ASCII. */
  static String ascii(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
