package dev.holdfast.preflight;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All classes of a WAR by name; of two with one name the first counts, as in a container. */
final class WarClasses {
  private final Map<String, WarClass> byName = new LinkedHashMap<>();
  private final Set<String> usedAsInterface = new HashSet<>();

  void add(WarClass type) {
    byName.putIfAbsent(type.name(), type);
    usedAsInterface.addAll(type.interfaces());
  }

  @Nullable WarClass get(String name) {
    return byName.get(name);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  Collection<WarClass> all() {
    return byName.values();
  }

  /** Whether some class of the WAR implements or extends this type as an interface. */
  boolean isUsedAsInterface(String name) {
    return usedAsInterface.contains(name);
  }

  List<WarClass> which(Predicate<WarClass> wanted) {
    return byName.values().stream().filter(wanted).toList();
  }

  /** Whether WEB-INF/classes has anything under a package, such as {@code com/acme/}. */
  boolean hasOwnPackage(String path) {
    return byName.values().stream()
        .anyMatch(type -> type.place().equals(WarClass.CLASSES) && type.name().startsWith(path));
  }

  /**
   * Whether a class is of a type, by way of superclasses and interfaces in the WAR.
   *
   * @param ends of names of the type, such as {@code servlet/http/HttpSessionListener}, so that
   *     javax and jakarta both count
   */
  boolean isA(WarClass type, String ends) {
    return isA(type.name(), ends, new HashSet<>());
  }

  private boolean isA(String name, String ends, Set<String> seen) {
    if (name.endsWith(ends)) {
      return true;
    }
    WarClass type = seen.add(name) ? byName.get(name) : null;
    if (type == null) {
      return false;
    }
    List<String> above = new ArrayList<>(type.interfaces());
    if (type.superName() != null) {
      above.add(type.superName());
    }
    return above.stream().anyMatch(next -> isA(next, ends, seen));
  }
}
