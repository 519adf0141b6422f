package dev.holdfast.text;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Loggers that work as long as the classes that log.
 *
 * <p>Tomcat's log manager counts a logger among those of the thread's context class loader, which
 * is the application's, and takes away its handlers when that application stops. In the server's
 * own lib one class serves all applications: without this, none would log any more once the first
 * of them had stopped or been reloaded.
 */
public final class Loggers {
  private Loggers() {}

  /** The logger with the name of a class. */
  public static Logger of(Class<?> type) {
    return named(type.getName());
  }

  /** The logger of a name. */
  public static Logger named(String name) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(Loggers.class.getClassLoader());
    try {
      Logger logger = System.getLogger(name);
      // Some find their log manager when they are first used.
      boolean unused = logger.isLoggable(Level.ERROR);
      return logger;
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
