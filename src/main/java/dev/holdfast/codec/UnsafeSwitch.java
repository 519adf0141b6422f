package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.util.Util;

/**
 * Keeps Kryo off {@code sun.misc.Unsafe}. Kryo looks for it when its first class is initialised,
 * and Java prints a warning from version 24 on; nothing here needs it. The property is Kryo's and
 * is set only while that class is initialised. On older versions Kryo is left alone, because the
 * application may use the same copy of it.
 */
final class UnsafeSwitch {
  private static final String PROPERTY = "kryo.unsafe";
  private static final int FIRST_TO_WARN = 24;

  private UnsafeSwitch() {}

  static void off() {
    if (Runtime.version().feature() < FIRST_TO_WARN || System.getProperty(PROPERTY) != null) {
      return;
    }
    System.setProperty(PROPERTY, "false");
    try {
      Util.isUnsafeAvailable();
    } finally {
      System.clearProperty(PROPERTY);
    }
  }
}
