package dev.holdfast.redis.client;

import io.netty.util.internal.PlatformDependent;

/**
 * Keeps Netty's allocators from registering a listener with the JVM's flight recorder. Netty 4.2.20
 * removes that listener only when a recording starts, so the class loader of every redeployed
 * application stays in memory until then. The property is Netty's and is set only while the class
 * that reads it is initialised; a value that the administrator has set is left alone.
 */
final class FlightRecorderSwitch {
  private static final String PROPERTY = "io.netty.jfr.enabled";

  private FlightRecorderSwitch() {}

  static void off() {
    if (System.getProperty(PROPERTY) != null) {
      return;
    }
    System.setProperty(PROPERTY, "false");
    try {
      PlatformDependent.isJfrEnabled();
    } finally {
      System.clearProperty(PROPERTY);
    }
  }
}
