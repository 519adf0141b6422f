package dev.holdfast.codec.testing;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A graph as text: classes, fields, elements in order, and for an object that came before its
 * number. Two graphs with the same text have the same structure, sharing and cycles included.
 */
public final class Shape {
  private final StringBuilder text = new StringBuilder();
  private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();

  private Shape() {}

  /** The text. */
  public static String of(Object root) {
    Shape shape = new Shape();
    shape.add(root);
    return shape.text.toString();
  }

  private void add(@Nullable Object value) {
    if (value == null) {
      text.append("null ");
      return;
    }
    Class<?> type = value.getClass();
    boolean container =
        value instanceof Collection<?>
            || value instanceof Map<?, ?>
            || value instanceof Object[]
            || type.getPackageName().equals(Shape.class.getPackageName());
    boolean leaf = !container || value instanceof Enum<?> || type.isRecord();
    if (leaf || type.getName().startsWith("java.util.ImmutableCollections")) {
      text.append(type.getName()).append('=').append(value).append(' ');
      return;
    }
    Integer number = seen.putIfAbsent(value, seen.size());
    if (number != null) {
      text.append('#').append(number).append(' ');
      return;
    }
    text.append(type.getName()).append('{');
    if (value instanceof Object[] array) {
      for (Object element : array) {
        add(element);
      }
    } else if (value instanceof Set<?> set) {
      Set<String> sorted = new TreeSet<>();
      set.forEach(element -> sorted.add(String.valueOf(element)));
      text.append(sorted);
    } else if (value instanceof Collection<?> collection) {
      collection.forEach(this::add);
    } else if (value instanceof Map<?, ?> map) {
      boolean ordered = type.getName().contains("Linked");
      Map<?, ?> entries = ordered ? map : new TreeMap<>(map);
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        text.append(entry.getKey()).append(':');
        add(entry.getValue());
      }
    }
    addFields(value);
    text.append("} ");
  }

  private void addFields(Object value) {
    if (!value.getClass().getPackageName().equals(Shape.class.getPackageName())) {
      return;
    }
    for (Field field : value.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        try {
          field.setAccessible(true);
          text.append(field.getName()).append('=');
          add(field.get(value));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
