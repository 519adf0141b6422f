package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/**
 * The container's sessions from before Holdfast came. Those that it creates while Holdfast keeps
 * the application's sessions, for FORM login, get a mark by which they are told apart.
 */
public final class ContainerSessions {
  /** What this library keeps in sessions of the container. */
  private static final String OURS = "dev.holdfast.";

  private static final String MARK = OURS + "own";

  private ContainerSessions() {}

  /** Has new sessions marked from now on. Works while deployment begins. */
  public static void mark(ServletContext context) {
    context.addListener(new Marking());
    context.setAttribute(MARK, true);
  }

  /**
   * Whether the session is from before, or from a node without Holdfast.
   *
   * @param start of this deployment, for an embedded server, where nothing is marked
   */
  public static boolean isOld(HttpSession session, long start) {
    return session.getAttribute(MARK) == null
        && (session.getServletContext().getAttribute(MARK) != null
            || session.getCreationTime() < start);
  }

  /** Marks a session that must stay. */
  public static void keep(HttpSession session) {
    session.setAttribute(MARK, true);
  }

  /** Whether an attribute of that name is the container's, or ours, and not the application's. */
  public static boolean isInternal(String attribute) {
    return attribute.startsWith(OURS)
        || attribute.startsWith("org.eclipse.jetty.")
        || attribute.startsWith("org.apache.catalina.")
        || attribute.startsWith("io.undertow.");
  }

  /**
   * Ends a session, on Tomcat and Jetty without a word to listeners or values: it goes on
   * elsewhere. Other containers tell them.
   */
  public static void end(HttpSession session) {
    if (!isExpiredByTomcat(session) && !isRemovedByJetty(session)) {
      session.invalidate();
    }
  }

  /** StandardSession, and what extends it: of clusters, of persistent managers, of Redisson. */
  private static boolean isExpiredByTomcat(HttpSession session) {
    try {
      Object standard = Reflection.field(session, "session");
      standard.getClass().getMethod("expire", boolean.class).invoke(standard, false);
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isRemovedByJetty(HttpSession session) {
    try {
      Object managed = Reflection.call(session, "getSession");
      Object cache = Reflection.call(Reflection.call(managed, "getSessionManager"), "getSessionCache");
      Object data = Reflection.call(managed, "getSessionData");
      if (Boolean.TRUE.equals(Reflection.call(managed, "beginInvalidate"))) {
        run(data, "clearAllAttributes");
        @Nullable Object unused =
            cache
                .getClass()
                .getMethod("delete", String.class)
                .invoke(cache, Reflection.call(managed, "getId"));
        run(managed, "finishInvalidate");
      }
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  private static void run(Object target, String method)
      throws NoSuchMethodException, IllegalAccessException, InvocationTargetException {
    target.getClass().getMethod(method).invoke(target);
  }

  /** Marks what the container creates. */
  private static final class Marking implements HttpSessionListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      keep(event.getSession());
    }
  }
}
