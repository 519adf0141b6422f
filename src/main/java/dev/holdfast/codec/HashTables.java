package dev.holdfast.codec;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes empty hash tables with the capacity that their own {@code readObject} gives them for a
 * number of elements: the order of iteration depends on it.
 */
final class HashTables {
  /** The least capacity that {@code HashMap.readObject} gives. */
  private static final int LEAST_ROOM = 16;

  private static final float LOAD_FACTOR = 0.75f;
  private static final boolean ROUNDS_UP = Runtime.version().feature() >= 19;

  private HashTables() {}

  static Map<Object, Object> hashMap(int size) {
    return size == 0 ? new HashMap<>() : new HashMap<>(mapRoom(size));
  }

  static Map<Object, Object> linkedHashMap(int size, boolean byAccess) {
    return size == 0 && !byAccess
        ? new LinkedHashMap<>()
        : new LinkedHashMap<>(mapRoom(size), LOAD_FACTOR, byAccess);
  }

  static Set<Object> hashSet(int size) {
    return new HashSet<>(setRoom(size));
  }

  static Set<Object> linkedHashSet(int size) {
    return new LinkedHashSet<>(setRoom(size));
  }

  static Map<Object, Object> concurrentHashMap(int size) {
    return size == 0 ? new ConcurrentHashMap<>() : new ConcurrentHashMap<>(size);
  }

  /** JDK 19 and later round up and add nothing (JDK-8281631). */
  private static int mapRoom(int size) {
    double room = ROUNDS_UP ? Math.ceil(size / (double) LOAD_FACTOR) : size / LOAD_FACTOR + 1;
    return Math.max((int) room, LEAST_ROOM);
  }

  private static int setRoom(int size) {
    return (int) (size * (1 / LOAD_FACTOR));
  }
}
