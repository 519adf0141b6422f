package dev.holdfast.servlet;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The user whom the value of an attribute names, for those values whose meaning is certain: text, a
 * number, a principal, and what security frameworks keep. A framework's value is asked by
 * reflection, and only if its interface is one of the application's own classes: the library
 * depends on no framework. It does not know how a bean of the application names its user.
 */
final class UserNames {
  /** Longer text is no name but something else about the user. */
  static final int MAX_LENGTH = 500;

  /** Interfaces of security frameworks, each with the method that leads to the user. */
  private static final Map<String, String> FRAMEWORKS =
      Map.of(
          "org.springframework.security.core.context.SecurityContext", "getAuthentication",
          "org.apache.shiro.subject.PrincipalCollection", "getPrimaryPrincipal",
          "org.apereo.cas.client.validation.Assertion", "getPrincipal",
          "org.pac4j.core.profile.UserProfile", "getId");

  private final @Nullable ClassLoader application;

  /**
   * @param application class loader of the web application; null when there is none
   */
  UserNames(@Nullable ClassLoader application) {
    this.application = application;
  }

  /** The name, or null when the value names nobody. */
  @Nullable String of(@Nullable Object value) {
    String name;
    try {
      name = plain(value);
      if (name == null && value != null) {
        name = plain(user(value));
      }
    } catch (RuntimeException | LinkageError e) {
      // The application's own code has failed; that does not keep the attribute from being set.
      return null;
    }
    return name == null || name.isBlank() || name.length() > MAX_LENGTH ? null : name;
  }

  private static @Nullable String plain(@Nullable Object value) {
    if (value instanceof CharSequence || value instanceof Number) {
      return value.toString();
    }
    return value instanceof Principal principal ? principal.getName() : null;
  }

  /** What a framework's value says of its user. */
  private @Nullable Object user(Object value) {
    // pac4j: profiles by the name of the client that each logged in with.
    Object holder =
        value instanceof Map<?, ?> map ? map.values().stream().findFirst().orElse(null) : value;
    Method method = holder == null ? null : toTheUser(holder.getClass());
    try {
      return method == null ? null : method.invoke(holder);
    } catch (IllegalAccessException | InvocationTargetException e) {
      return null;
    }
  }

  private @Nullable Method toTheUser(@Nullable Class<?> type) {
    if (type == null) {
      return null;
    }
    String name = type.isInterface() ? FRAMEWORKS.get(type.getName()) : null;
    if (name != null && type.getClassLoader() == application) {
      try {
        return type.getMethod(name);
      } catch (NoSuchMethodException e) {
        return null;
      }
    }
    for (Class<?> implemented : type.getInterfaces()) {
      Method method = toTheUser(implemented);
      if (method != null) {
        return method;
      }
    }
    return toTheUser(type.getSuperclass());
  }
}
