package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into objects of a container. */
final class Reflection {
  private Reflection() {}

  /** Tomcat's own context of an application. */
  static Object tomcatContext(ServletContext context) throws ReflectiveOperationException {
    return field(field(context, "context"), "context");
  }

  /** What the public method without arguments returns. */
  static Object call(Object target, String method) throws ReflectiveOperationException {
    Method found = target.getClass().getMethod(method);
    if (!found.canAccess(target)) {
      found.setAccessible(true);
    }
    return required(found.invoke(target), target, method);
  }

  /** What the private field, even of a superclass, holds. */
  static Object field(Object target, String name) throws ReflectiveOperationException {
    return required(find(target, name).get(target), target, name);
  }

  /** What the private field, even of a superclass, is declared to hold. */
  static Class<?> type(Object target, String name) throws ReflectiveOperationException {
    return find(target, name).getType();
  }

  /** Writes the private field, even of a superclass. */
  static void set(Object target, String name, Object value) throws ReflectiveOperationException {
    find(target, name).set(target, value);
  }

  /** The field, private or not, even of a superclass. */
  static Field find(Object target, String name) throws NoSuchFieldException {
    for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field;
        }
      }
    }
    throw new NoSuchFieldException(target.getClass().getName() + "." + name);
  }

  private static Object required(@Nullable Object found, Object target, String member)
      throws ReflectiveOperationException {
    if (found == null) {
      throw new ReflectiveOperationException(
          target.getClass().getName() + "." + member + " is null");
    }
    return found;
  }

  /** The elements of a collection or an array that are of {@code type}. */
  static <T> List<T> only(Class<T> type, Object listOrArray) {
    List<T> found = new ArrayList<>();
    if (listOrArray instanceof Collection<?> collection) {
      for (Object element : collection) {
        add(type, element, found);
      }
    } else {
      for (int i = 0; i < Array.getLength(listOrArray); i++) {
        add(type, Array.get(listOrArray, i), found);
      }
    }
    return found;
  }

  private static <T> void add(Class<T> type, Object element, List<T> found) {
    if (type.isInstance(element)) {
      found.add(type.cast(element));
    }
  }
}
