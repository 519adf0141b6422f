package dev.holdfast.codec;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which values can never change. When in doubt, a value counts as changeable: an extra
 * encoding costs time, a missing one loses a change. {@code Collections.unmodifiableList} is a view
 * of a list that can change, so it is not among them.
 */
final class Immutability {
  private static final int MAX_DEPTH = 16;
  private static final Set<Class<?>> COLLECTIONS =
      Set.of(
          List.of(1).getClass(),
          List.of().getClass(),
          // The classes of immutable sets and maps are below, in a list: if two of them were the
          // same on some JDK, Set.of would throw.
          Optional.class,
          Collections.singletonList(1).getClass(),
          Collections.singleton(1).getClass(),
          Collections.singletonMap(1, 1).getClass());
  private static final List<Class<?>> SETS_AND_MAPS =
      List.of(
          Set.of(1).getClass(), Set.of().getClass(), Map.of(1, 1).getClass(), Map.of().getClass());

  /** Annotations that promise that no instance changes; others of that name promise less. */
  private static final Set<String> PROMISES =
      Set.of(
          "net.jcip.annotations.Immutable",
          "javax.annotation.concurrent.Immutable",
          "com.google.errorprone.annotations.Immutable");

  private static final ClassValue<Boolean> PROMISED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          if (!Modifier.isFinal(type.getModifiers())) {
            return false;
          }
          for (Annotation annotation : type.getDeclaredAnnotations()) {
            if (PROMISES.contains(annotation.annotationType().getName())) {
              return !isContainer(annotation);
            }
          }
          return false;
        }
      };

  /** The fields of a record, not its accessors, which may hand out copies. */
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          List<Field> fields = BeanLayout.storedFields(type);
          fields.removeIf(field -> field.getType().isPrimitive());
          fields.forEach(field -> field.setAccessible(true));
          return fields;
        }
      };

  private Immutability() {}

  static boolean of(@Nullable Object value) {
    return of(value, 0);
  }

  private static boolean of(@Nullable Object value, int depth) {
    if (value == null || value instanceof Enum<?>) {
      return true;
    }
    Class<?> type = value.getClass();
    if (ValueTypes.isImmutable(type)) {
      return true;
    }
    if (depth >= MAX_DEPTH) {
      return false;
    }
    if (COLLECTIONS.contains(type) || SETS_AND_MAPS.contains(type)) {
      return content(value, depth + 1);
    }
    if (type.isRecord()) {
      return PROMISED.get(type) || components(value, depth + 1);
    }
    return PROMISED.get(type);
  }

  private static boolean content(Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      return all(map.keySet(), depth) && all(map.values(), depth);
    }
    if (value instanceof Optional<?> optional) {
      return of(optional.orElse(null), depth);
    }
    return all((Collection<?>) value, depth);
  }

  private static boolean all(Collection<?> values, int depth) {
    for (Object value : values) {
      if (!of(value, depth)) {
        return false;
      }
    }
    return true;
  }

  private static boolean components(Object value, int depth) {
    try {
      for (Field field : FIELDS.get(value.getClass())) {
        if (!of(field.get(value), depth)) {
          return false;
        }
      }
      return true;
    } catch (IllegalAccessException | RuntimeException e) {
      return false;
    }
  }

  /** Whether the promise leaves out what the class contains (Error Prone's {@code containerOf}). */
  private static boolean isContainer(Annotation annotation) {
    try {
      Object types = annotation.annotationType().getMethod("containerOf").invoke(annotation);
      return ((String[]) types).length > 0;
    } catch (NoSuchMethodException e) {
      return false;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return true;
    }
  }
}
