package dev.holdfast.codec;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for objects of the JDK that lead back to themselves and that JDK serialization writes in
 * the form of another object, their stand-in: {@code List.of}, {@code Collections.unmodifiableList}
 * of an ArrayList. The reference back would be read as a reference to the stand-in.
 *
 * <p>It follows the order of JDK serialization, since it matters what is met first: a parent whose
 * unmodifiable list of children leads back to the parent is accepted, because the parent comes
 * before the list.
 */
final class ReplacedCycles {
  private static final ClassValue<Boolean> REPLACED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return type.getClassLoader() == null && hasWriteReplace(type);
        }
      };

  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          if (type.getClassLoader() == null) {
            return List.of();
          }
          List<Field> fields = BeanLayout.storedFields(type);
          fields.removeIf(field -> field.getType().isPrimitive() || !field.trySetAccessible());
          return List.copyOf(fields);
        }
      };

  private final Set<Object> written = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable Class<?> found;

  private ReplacedCycles() {}

  /**
   * The class of such an object, or null when there is none.
   *
   * @param root a value that JDK serialization has written, so it is not too deep
   */
  static @Nullable Class<?> in(Object root) {
    ReplacedCycles search = new ReplacedCycles();
    search.visit(root);
    return search.found;
  }

  private void visit(Object value) {
    if (!written.add(value)) {
      found = open.contains(value) ? value.getClass() : found;
    } else if (REPLACED.get(value.getClass())) {
      open.add(value);
      visitParts(value);
      open.remove(value);
    } else {
      visitParts(value);
    }
  }

  /**
   * Visits what {@link ValuePath} visits, but keeps no path: this runs each time a value with such
   * an object is encoded.
   */
  private void visitParts(Object value) {
    if (value instanceof Object[] array) {
      for (Object element : array) {
        visitPart(element);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        visitPart(entry.getKey());
        visitPart(entry.getValue());
      }
    } else if (value instanceof Collection<?> collection) {
      for (Object element : collection) {
        visitPart(element);
      }
    } else if (value instanceof Throwable failure) {
      visitPart(failure.getCause());
    } else if (Proxy.isProxyClass(value.getClass())) {
      visitPart(Proxy.getInvocationHandler(value));
    }
    for (Field field : FIELDS.get(value.getClass())) {
      try {
        visitPart(field.get(value));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(field + " was made accessible", e);
      }
    }
  }

  private void visitPart(@Nullable Object part) {
    if (part != null && !(ValueTypes.isImmutable(part.getClass()) && !(part instanceof Class))) {
      visit(part);
    }
  }

  private static boolean hasWriteReplace(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.getName().equals("writeReplace") && method.getParameterCount() == 0) {
          return true;
        }
      }
    }
    return false;
  }
}
