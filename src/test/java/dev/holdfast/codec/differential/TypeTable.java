package dev.holdfast.codec.differential;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** Named values, each made anew when it is asked for. */
final class TypeTable {
  private final Map<String, Callable<Object>> makers = new LinkedHashMap<>();

  /**
   * @throws IllegalStateException when the name is taken
   */
  void add(String name, Callable<Object> maker) {
    if (makers.putIfAbsent(name, maker) != null) {
      throw new IllegalStateException(name + " is in the table already");
    }
  }

  Iterable<String> names() {
    return makers.keySet();
  }

  int size() {
    return makers.size();
  }

  Object make(String name) {
    try {
      return makers.get(name).call();
    } catch (Exception e) {
      throw new IllegalStateException(name + " cannot be made", e);
    }
  }
}
