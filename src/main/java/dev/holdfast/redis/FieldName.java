package dev.holdfast.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Attribute names as bytes: UTF-8, extended so that every Java string comes back as it was. An
 * unpaired surrogate, which UTF-8 cannot encode, becomes the three bytes its number would have; no
 * well-formed text has those bytes, so two names never share a field.
 */
final class FieldName {
  private FieldName() {}

  static byte[] encode(String name) {
    if (isWellFormed(name)) {
      return name.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[3 * name.length()];
    int end = 0;
    for (int i = 0; i < name.length(); ) {
      int point = name.codePointAt(i);
      i += Character.charCount(point);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        bytes[end++] = (byte) (0xE0 | (point >> 12));
        bytes[end++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        bytes[end++] = (byte) (0x80 | (point & 0x3F));
      } else {
        byte[] utf8 = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, bytes, end, utf8.length);
        end += utf8.length;
      }
    }
    return Arrays.copyOf(bytes, end);
  }

  static String decode(byte[] bytes, int from) {
    int surrogate = nextSurrogate(bytes, from);
    if (surrogate < 0) {
      return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }
    StringBuilder name = new StringBuilder();
    int start = from;
    while (surrogate >= 0) {
      name.append(new String(bytes, start, surrogate - start, StandardCharsets.UTF_8));
      int low = ((bytes[surrogate + 1] & 0x3F) << 6) | (bytes[surrogate + 2] & 0x3F);
      name.append((char) (0xD000 | low));
      start = surrogate + 3;
      surrogate = nextSurrogate(bytes, start);
    }
    return name.append(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8))
        .toString();
  }

  /** ED followed by A0 to BF never occurs in well-formed UTF-8. */
  private static int nextSurrogate(byte[] bytes, int from) {
    for (int i = from; i + 2 < bytes.length; i++) {
      if (bytes[i] == (byte) 0xED && (bytes[i + 1] & 0xE0) == 0xA0) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isWellFormed(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == name.length() || !Character.isSurrogatePair(c, name.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
