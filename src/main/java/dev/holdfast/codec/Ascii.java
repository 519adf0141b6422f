package dev.holdfast.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at bytes of text, eight at a time. */
final class Ascii {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;

  private Ascii() {}

  static boolean isAscii(byte[] bytes, int from, int length) {
    int i = from;
    int end = from + length;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      if (((long) LONGS.get(bytes, i) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; i < end; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether this ASCII character is among these. */
  static boolean has(char character, byte[] ascii) {
    long eight = character * ONES;
    int i = 0;
    for (; i <= ascii.length - Long.BYTES; i += Long.BYTES) {
      long zeroWhereEqual = (long) LONGS.get(ascii, i) ^ eight;
      if (((zeroWhereEqual - ONES) & ~zeroWhereEqual & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; i < ascii.length; i++) {
      if (ascii[i] == character) {
        return true;
      }
    }
    return false;
  }
}
