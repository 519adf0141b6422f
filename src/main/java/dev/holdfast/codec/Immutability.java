package dev.holdfast.codec;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values can never change. In doubt a value can: an encoding too many costs time, one too few
 * loses a change. {@code Collections.unmodifiableList} is a view of a list that can change, so it
 * is not among them.
 */
final class Immutability {
  private static final int MAX_DEPTH = 16;
  private static final Set<Class<?>> COLLECTIONS =
      Set.of(
          List.of(1).getClass(),
          List.of().getClass(),
          // Set.of(1) and Set.of() have the classes below on every JDK so far; a set of one entry
          // would not mind.
          Optional.class,
          Collections.singletonList(1).getClass(),
          Collections.singleton(1).getClass(),
          Collections.singletonMap(1, 1).getClass());
  private static final List<Class<?>> SETS_AND_MAPS =
      List.of(
          Set.of(1).getClass(), Set.of().getClass(), Map.of(1, 1).getClass(), Map.of().getClass());

  private static final ClassValue<Boolean> ANNOTATED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          for (Annotation annotation : type.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("Immutable")) {
              return true;
            }
          }
          return false;
        }
      };

  private static final ClassValue<Method[]> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
          RecordComponent[] components = type.getRecordComponents();
          Method[] accessors = new Method[components.length];
          for (int i = 0; i < components.length; i++) {
            accessors[i] = components[i].getAccessor();
            accessors[i].setAccessible(true);
          }
          return accessors;
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
    if (FixedTypes.isImmutable(type)) {
      return true;
    }
    if (depth >= MAX_DEPTH) {
      return false;
    }
    if (COLLECTIONS.contains(type) || SETS_AND_MAPS.contains(type)) {
      return content(value, depth + 1);
    }
    if (type.isRecord()) {
      return ANNOTATED.get(type) || components(value, depth + 1);
    }
    return ANNOTATED.get(type);
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
      for (Method accessor : ACCESSORS.get(value.getClass())) {
        if (!accessor.getReturnType().isPrimitive() && !of(accessor.invoke(value), depth)) {
          return false;
        }
      }
      return true;
    } catch (InvocationTargetException | IllegalAccessException | RuntimeException e) {
      return false;
    }
  }
}
