package dev.holdfast.redis.client;

import java.nio.charset.StandardCharsets;

/** Converts the text of Redis's keys, fields, numbers and words: one byte for each character. */
public final class Ascii {
  private Ascii() {}

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Every byte becomes one character, even a byte that is not ASCII. */
  public static String ascii(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
