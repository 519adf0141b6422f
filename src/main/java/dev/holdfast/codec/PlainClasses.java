package dev.holdfast.codec;

import java.util.HashSet;
import java.util.Set;

/** The classes that {@code codec.plain} declares to be data although they are not Serializable. */
final class PlainClasses {
  private final Set<String> classes = new HashSet<>();
  private final Set<String> packages = new HashSet<>();

  /**
   * @param names class names, or package names ending in {@code .*}, which cover what is below them
   */
  PlainClasses(Set<String> names) {
    for (String name : names) {
      if (name.endsWith(".*")) {
        packages.add(name.substring(0, name.length() - 1));
      } else {
        classes.add(name);
      }
    }
  }

  boolean contains(Class<?> type) {
    String name = type.getName();
    return classes.contains(name) || packages.stream().anyMatch(name::startsWith);
  }
}
