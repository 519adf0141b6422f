package dev.holdfast.servlet;

import dev.holdfast.config.LogNames;
import dev.holdfast.text.Loggers;
import dev.holdfast.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * What the log lines of this thread name: session and user, in the MDC of the SLF4J that the
 * application has. There is an object only where there is an SLF4J that keeps such values and the
 * setting {@code logging.mdc} is not off; no other class here knows SLF4J.
 *
 * <p>It keeps nothing itself. {@link ActingRequests} notes what a thread had before a call of the
 * container, and puts it back when the call returns, so that a thread that goes back to its pool
 * never carries a name along.
 */
final class LogContext {
  /** The session, by the short hash that Holdfast's own messages have. */
  static final String SESSION = "holdfast.session";

  /** The user who is logged in to it. */
  static final String USER = "holdfast.user";

  private static final Logger LOG = Loggers.of(LogContext.class);
  private static final int MAX_USER = 64;

  /**
   * The names at one time.
   *
   * @param session short hash of its locator, or null
   * @param user printable, or null
   */
  record Names(@Nullable String session, @Nullable String user) {
    static final Names NOBODY = new Names(null, null);
  }

  private final boolean withUser;

  private LogContext(boolean withUser) {
    this.withUser = withUser;
  }

  /** The context that the setting asks for; null where nothing is to be named or nothing can be. */
  static @Nullable LogContext of(LogNames names) {
    if (names == LogNames.OFF) {
      return null;
    }
    try {
      Class<?> unused = Class.forName("org.slf4j.MDC", false, LogContext.class.getClassLoader());
      return keepsNothing() ? null : new LogContext(names == LogNames.USER);
    } catch (ClassNotFoundException e) {
      return null;
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.DEBUG, "No names in the MDC of SLF4J, which does not work: {0}", e.toString());
      return null;
    }
  }

  /** Whether there is no logging behind SLF4J, or one without an MDC. */
  private static boolean keepsNothing() {
    return MDC.getMDCAdapter() == null || MDC.getMDCAdapter() instanceof NOPMDCAdapter;
  }

  /** Whether users are named. */
  boolean isWithUser() {
    return withUser;
  }

  /** A user's name as a log line may have it: nobody can begin a line with theirs. */
  static String user(String name) {
    return Printable.of(name, MAX_USER);
  }

  /** What this thread's lines name now. */
  Names present() {
    String session = MDC.get(SESSION);
    String user = withUser ? MDC.get(USER) : null;
    return session == null && user == null ? Names.NOBODY : new Names(session, user);
  }

  /** Has this thread's lines name these from now on. */
  void show(Names names) {
    show(SESSION, names.session());
    if (withUser) {
      show(USER, names.user());
    }
  }

  private static void show(String key, @Nullable String value) {
    String present = MDC.get(key);
    if (Objects.equals(present, value)) {
      return;
    }
    if (value == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
  }
}
