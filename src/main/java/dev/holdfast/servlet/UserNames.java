package dev.holdfast.servlet;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * The user whom the value of an attribute names, for those values whose meaning is certain: text, a
 * number, a principal, and the security context of Spring Security. That one is asked by reflection
 * and only if it is a class of the application, for the library does not depend on Spring. What a
 * bean of the application is called, nobody here knows.
 */
final class UserNames {
  /** Longer text is no name but something else about the user. */
  static final int MAX_LENGTH = 500;

  private static final String SECURITY_CONTEXT =
      "org.springframework.security.core.context.SecurityContext";

  private final @Nullable ClassLoader application;

  /**
   * @param application class loader of the web application; null when there is none to be had
   */
  UserNames(@Nullable ClassLoader application) {
    this.application = application;
  }

  /** The name, or null when the value names nobody. */
  @Nullable String of(@Nullable Object value) {
    String name;
    try {
      name = ask(value);
    } catch (RuntimeException | LinkageError e) {
      // The application's own code; it knows best what to make of its user.
      return null;
    }
    return name == null || name.isBlank() || name.length() > MAX_LENGTH ? null : name;
  }

  private @Nullable String ask(@Nullable Object value) {
    if (value instanceof CharSequence || value instanceof Number) {
      return value.toString();
    }
    return value instanceof Principal principal ? principal.getName() : authenticated(value);
  }

  private @Nullable String authenticated(@Nullable Object value) {
    Class<?> context = value == null ? null : securityContext(value.getClass());
    if (context == null) {
      return null;
    }
    try {
      Method authentication = context.getMethod("getAuthentication");
      return authentication.invoke(value) instanceof Principal principal
          ? principal.getName()
          : null;
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      return null;
    }
  }

  /** Spring Security's interface, if the class has it from the application's own libraries. */
  private @Nullable Class<?> securityContext(Class<?> type) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Class<?> implemented : each.getInterfaces()) {
        if (implemented.getName().equals(SECURITY_CONTEXT)
            && implemented.getClassLoader() == application) {
          return implemented;
        }
      }
    }
    return null;
  }
}
