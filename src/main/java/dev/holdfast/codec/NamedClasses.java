package dev.holdfast.codec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The classes that bytes name. A stored name is judged before its class is loaded; the
 * application's loader loads the class without initialising it. What is written is judged by the
 * same list, so that nothing is written that reading refuses.
 */
final class NamedClasses {
  static final String LAMBDA =
      "it is a lambda that is not Serializable, or a class made at run time, which another JVM does"
          + " not have. Use a named class, or cast the lambda to an interface that is"
          + " Serializable.";

  static final String MADE_AT_RUN_TIME =
      "its class was made at run time, such as that of a proxy, and other nodes do not have it; no"
          + " key and no codec.* setting changes that. Keep the object behind the proxy in the"
          + " session, or send each user to one node, and name the attribute in attributes.local to"
          + " say that it may stay.";

  private static final String OFF_THE_LIST = "it is not on the class allow-list. ";

  private static final Map<String, Class<?>> PRIMITIVES =
      Map.of(
          "boolean",
          boolean.class,
          "byte",
          byte.class,
          "char",
          char.class,
          "short",
          short.class,
          "int",
          int.class,
          "long",
          long.class,
          "float",
          float.class,
          "double",
          double.class,
          "void",
          void.class);

  private static final ClassValue<Boolean> GENERATED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          Class<?> element = type;
          while (element.isArray()) {
            element = element.getComponentType();
          }
          ClassLoader loader = element.getClassLoader();
          String file = element.getName().replace('.', '/') + ".class";
          return loader != null && loader.getResource(file) == null;
        }
      };

  private final ClassAllowList allowed;

  NamedClasses(ClassAllowList allowed) {
    this.allowed = allowed;
  }

  boolean isAllowed(String name) {
    return allowed.isAllowed(name);
  }

  /**
   * The class that stored bytes name, loaded but not initialised; null when it does not exist any
   * more.
   *
   * @throws StoredClassNotAllowedException when the name is not allowed; its class is not loaded
   *     then
   */
  @Nullable Class<?> resolve(String name) {
    if (!allowed.isAllowed(name)) {
      throw notAllowedToRead(name);
    }
    try {
      return Class.forName(name, false, allowed.loader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /** Whether the application's loader finds this class, and no other, under its name. */
  boolean isLoadersOwn(Class<?> type) {
    try {
      return Class.forName(type.getName(), false, allowed.loader()) == type;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** The primitive type of this name, which no loader finds, or null. */
  static @Nullable Class<?> primitive(String name) {
    return PRIMITIVES.get(name);
  }

  /**
   * Whether a class has no class file: a proxy that Spring or another library generated, or a
   * hidden class. Its name is valid only where it was made; on another node the name is unknown or
   * belongs to another class.
   */
  static boolean isMadeAtRunTime(Class<?> type) {
    return GENERATED.get(type);
  }

  /** Tells the developer why a class is not written. */
  static String notAllowed(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return OFF_THE_LIST + ClassAllowList.remedies(element.getName());
  }

  /** Whether this is the reason that {@link #notAllowed} gives. */
  static boolean isOfList(String reason) {
    return reason.startsWith(OFF_THE_LIST);
  }

  static StoredClassNotAllowedException notAllowedToRead(String name) {
    return new StoredClassNotAllowedException(
        "The stored value names the class '"
            + printable(name)
            + "', which is not on the class allow-list or not in this application any more. If it"
            + " belongs there, add it to the setting codec.allow.");
  }

  static String printable(String name) {
    String start = name.length() > 200 ? name.substring(0, 200) + "..." : name;
    return start.replaceAll("[^\\p{Alnum}_.$;\\[-]", "?");
  }
}
