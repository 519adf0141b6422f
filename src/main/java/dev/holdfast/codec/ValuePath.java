package dev.holdfast.codec;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds where in a value a class sits, such as {@code Cart.items[3].owner}, for a message. Walks
 * the graph breadth first and only after a failure, so that encoding need not keep track.
 */
final class ValuePath {
  private static final int MAX_OBJECTS = 100_000;

  private static final int MAX_PROBED = 1000;

  private record Step(Object value, String path) {}

  private final Deque<Step> queue = new ArrayDeque<>();
  private final List<Step> visited = new ArrayList<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private ValuePath() {}

  /**
   * The path to the nearest instance of a class (or to the class itself as a value). If the
   * instance is hidden inside an object of the JDK, or only takes an object's place while that is
   * written, the path to that object. Null when none is found.
   *
   * @param leadsTo tells of such an object whether it is the one
   */
  static @Nullable String find(Object root, String className, Predicate<Object> leadsTo) {
    try {
      ValuePath search = new ValuePath();
      String path = search.search(root, className);
      return path != null ? path : search.opaque(leadsTo);
    } catch (RuntimeException | LinkageError e) {
      // Another thread changes the value, a collection of the application fails, or a class made
      // at run time does not tell its simple name: the message goes without a path.
      return null;
    }
  }

  private @Nullable String search(Object root, String className) {
    add(
        root,
        root.getClass().isArray()
            ? root.getClass().getComponentType().getSimpleName()
            : simpleName(root));
    for (Step step = queue.poll(); step != null && seen.size() < MAX_OBJECTS; step = queue.poll()) {
      Object value = step.value();
      if (value.getClass().getName().equals(className)
          || (value instanceof Class<?> type && type.getName().equals(className))) {
        return step.path();
      }
      visited.add(step);
      addContent(value, step.path());
    }
    return null;
  }

  /**
   * The path to the object that leads to the class; the deepest is visited last, so it is asked
   * first.
   */
  private @Nullable String opaque(Predicate<Object> leadsTo) {
    for (int i = visited.size() - 1; i >= Math.max(0, visited.size() - MAX_PROBED); i--) {
      if (leadsTo.test(visited.get(i).value())) {
        return visited.get(i).path();
      }
    }
    return null;
  }

  private static String simpleName(Object value) {
    String name = value.getClass().getSimpleName();
    return name.isEmpty() ? value.getClass().getName() : name;
  }

  private void add(@Nullable Object value, String path) {
    if (value == null || (ValueTypes.isImmutable(value.getClass()) && !(value instanceof Class))) {
      return;
    }
    if (seen.add(value)) {
      queue.add(new Step(value, path));
    }
  }

  private void addContent(Object value, String path) {
    if (value instanceof Object[] array) {
      for (int i = 0; i < Array.getLength(array); i++) {
        add(array[i], path + '[' + i + ']');
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        add(entry.getKey(), path + ".key(" + label(entry.getKey()) + ')');
        add(entry.getValue(), path + '[' + label(entry.getKey()) + ']');
      }
    } else if (value instanceof Collection<?> collection) {
      int i = 0;
      for (Object element : collection) {
        add(element, path + '[' + i++ + ']');
      }
    } else if (value instanceof Optional<?> optional) {
      add(optional.orElse(null), path + ".get()");
    } else if (value instanceof Throwable failure) {
      add(failure.getCause(), path + ".getCause()");
    } else if (Proxy.isProxyClass(value.getClass())) {
      add(Proxy.getInvocationHandler(value), path + ".handler");
    }
    addFields(value, path);
  }

  /**
   * A key may be private data: the path shows only its class, unless it is a number or an enum
   * constant.
   */
  private static String label(@Nullable Object key) {
    return key instanceof Number || key instanceof Enum<?>
        ? key.toString()
        : key == null ? "null" : key.getClass().getSimpleName();
  }

  private void addFields(Object value, String path) {
    if (value.getClass().getClassLoader() == null) {
      return;
    }
    for (Field field : BeanLayout.storedFields(value.getClass())) {
      if (!field.getType().isPrimitive() && field.trySetAccessible()) {
        try {
          add(field.get(value), path + '.' + field.getName());
        } catch (IllegalAccessException e) {
          // Left out of the search.
        }
      }
    }
  }
}
