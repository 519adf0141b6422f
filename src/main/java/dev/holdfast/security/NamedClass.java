package dev.holdfast.security;

import java.lang.reflect.InvocationTargetException;

/** Creates objects of the application's classes that a setting names, for this library to call. */
public final class NamedClass {
  private NamedClass() {}

  /**
   * Creates an object of such a class.
   *
   * @param setting its name, for the message
   * @param loader of the application
   * @throws IllegalArgumentException when that cannot be done; the message says why and what the
   *     class must be, and repeats nothing that the class itself says
   */
  public static <T> T instance(String setting, String name, Class<T> kind, ClassLoader loader) {
    Object fault;
    try {
      return Class.forName(name, true, loader).asSubclass(kind).getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      fault = "its constructor threw " + (thrown == null ? e.getClass().getName() : place(thrown));
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      fault = e;
    }
    throw new IllegalArgumentException(
        setting
            + ": "
            + name
            + " cannot be used ("
            + fault
            + "); it must be in the web application, implement "
            + kind.getName()
            + " and have a public constructor without arguments");
  }

  /** What was thrown and where, without its message, which may hold a secret. */
  public static String place(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    String type = thrown.getClass().getName();
    return trace.length == 0
        ? type
        : type + " at " + trace[0].getFileName() + ":" + trace[0].getLineNumber();
  }
}
