package dev.holdfast.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Scans the bytes of a text for ASCII, eight at a time. */
final class Ascii {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;

  private Ascii() {}

  static boolean isAscii(byte[] bytes, int from, int length) {
    return lengthOf(bytes, from, from + length) == length;
  }

  /** How many bytes from {@code from} on are ASCII, up to the first other byte or {@code end}. */
  static int lengthOf(byte[] bytes, int from, int end) {
    int i = from;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      long others = (long) LONGS.get(bytes, i) & HIGH_BITS;
      if (others != 0) {
        return i - from + Long.numberOfTrailingZeros(others) / Byte.SIZE;
      }
    }
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    return i - from;
  }

  /** Whether {@code ascii} contains this ASCII character. */
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
