package dev.holdfast.codec.differential;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Changes all that can change in a graph: fields that are not final, elements of arrays and
 * collections, dates and texts. A class is left alone if its own annotation promises that it cannot
 * change.
 */
final class Mutation {
  private static final Set<String> PROMISES =
      Set.of(
          "net.jcip.annotations.Immutable",
          "javax.annotation.concurrent.Immutable",
          "com.google.errorprone.annotations.Immutable");

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Mutation() {}

  static void of(Object root) {
    new Mutation().change(root);
  }

  private void change(@Nullable Object value) {
    if (value == null
        || value instanceof Enum<?>
        || value instanceof Class<?>
        || !seen.add(value)) {
      return;
    }
    Class<?> type = value.getClass();
    if (type.isArray()) {
      changeArray(value);
    } else if (Comparison.isPlatform(type)) {
      changePlatformObject(value);
    } else if (!promises(type)) {
      changeFields(value);
    }
    if (Comparison.isPlatform(type) && value instanceof Collection<?> collection) {
      new ArrayList<Object>(collection).forEach(this::change);
    } else if (Comparison.isPlatform(type) && value instanceof Map<?, ?> map) {
      new ArrayList<Object>(map.values()).forEach(this::change);
      new ArrayList<Object>(map.keySet()).forEach(this::change);
    }
  }

  private static boolean promises(Class<?> type) {
    for (var annotation : type.getDeclaredAnnotations()) {
      if (PROMISES.contains(annotation.annotationType().getName())) {
        return true;
      }
    }
    return false;
  }

  private void changeArray(Object array) {
    Class<?> element = array.getClass().getComponentType();
    if (Array.getLength(array) == 0) {
      return;
    }
    if (!element.isPrimitive()) {
      for (int i = 0; i < Array.getLength(array); i++) {
        change(Array.get(array, i));
      }
    }
    if (element == int.class) {
      Array.setInt(array, 0, Array.getInt(array, 0) + 1);
    } else if (element == byte.class) {
      Array.setByte(array, 0, (byte) (Array.getByte(array, 0) + 1));
    } else if (!element.isPrimitive() && element.isInstance("changed")) {
      Array.set(array, 0, "changed");
    }
  }

  @SuppressWarnings("unchecked")
  private void changePlatformObject(Object value) {
    try {
      if (value instanceof Map<?, ?> map) {
        ((Map<Object, Object>) map).put("changed", "changed");
      } else if (value instanceof Collection<?> collection) {
        ((Collection<Object>) collection).add("changed");
      } else if (value instanceof Date date) {
        date.setTime(date.getTime() + 1);
      } else if (value instanceof StringBuilder builder) {
        builder.append("changed");
      } else if (value instanceof AtomicReference<?> reference) {
        ((AtomicReference<Object>) reference).set("changed");
      } else if (value instanceof Optional<?> optional) {
        change(optional.orElse(null));
      }
    } catch (RuntimeException e) {
      // It cannot change, or not like this.
      return;
    }
  }

  private void changeFields(Object owner) {
    for (Class<?> c = owner.getClass(); !Comparison.isPlatform(c); c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers())) {
          continue;
        }
        try {
          field.setAccessible(true);
          Object value = field.get(owner);
          if (!field.getType().isPrimitive()) {
            change(value);
          }
          if (!Modifier.isFinal(field.getModifiers())) {
            if (field.getType() == int.class) {
              field.setInt(owner, field.getInt(owner) + 1);
            } else if (field.getType().isInstance("changed")) {
              field.set(owner, "changed");
            }
          }
        } catch (ReflectiveOperationException | RuntimeException e) {
          continue;
        }
      }
    }
  }
}
