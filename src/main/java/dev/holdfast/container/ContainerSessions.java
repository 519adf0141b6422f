package dev.holdfast.container;

import dev.holdfast.session.Login;
import dev.holdfast.text.Loggers;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The container's sessions from before Holdfast came. Those that it creates while Holdfast keeps
 * the application's sessions, for FORM login, get a mark by which they are told apart.
 */
public final class ContainerSessions {
  /** What this library keeps in sessions of the container. */
  private static final String OURS = "dev.holdfast.";

  private static final String MARK = OURS + "own";

  /** Name of the attribute that ties a session of the container to one of ours. */
  public static final String TIE = OURS + "login";

  private static final Logger LOG = Loggers.named("dev.holdfast");

  /** What Redisson's manager for Tomcat lists among the attributes. */
  private static final Set<String> REDISSONS =
      Set.of(
          "session:isNew",
          "session:isValid",
          "session:thisAccessedTime",
          "session:maxInactiveInterval",
          "session:lastAccessedTime",
          "session:creationTime",
          "session:isExpirationLocked",
          "session:principal",
          "session:authtype");

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
        // What is tied to a session of ours ends with that.
        && session.getAttribute(TIE) == null
        && (session.getServletContext().getAttribute(MARK) != null
            || session.getCreationTime() < start);
  }

  /**
   * Has the container look for a session of its own by an id that came in another cookie than its
   * own is now. Works on Tomcat and Jetty.
   *
   * @param request the container's own
   */
  public static void ask(HttpServletRequest request, String id) {
    try {
      Object tomcat = Reflection.field(request, "request");
      tomcat.getClass().getMethod("setRequestedSessionId", String.class).invoke(tomcat, id);
      tomcat.getClass().getMethod("setRequestedSessionCookie", boolean.class).invoke(tomcat, true);
      return;
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another container.
    }
    try {
      Object sessions = jettysSessions(request.getServletContext());
      Object found =
          sessions.getClass().getMethod("getManagedSession", String.class).invoke(sessions, id);
      if (found != null) {
        Object core = jettysOwn(request);
        for (Method method : core.getClass().getMethods()) {
          if (method.getName().equals("setManagedSession")) {
            method.invoke(core, found);
          }
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(Level.DEBUG, "This container finds no session by the id of another cookie", e);
    }
  }

  /** What has the sessions of an application on Jetty. */
  private static Object jettysSessions(ServletContext context) throws ReflectiveOperationException {
    Object handler =
        Reflection.call(Reflection.call(context, "getContextHandler"), "getSessionHandler");
    try {
      // Jetty 12 with ee8; with the others, the handler is the manager.
      return Reflection.call(handler, "getSessionManager");
    } catch (NoSuchMethodException e) {
      return handler;
    }
  }

  /** The request of Jetty's core, which has the session. */
  private static Object jettysOwn(HttpServletRequest request) throws ReflectiveOperationException {
    try {
      return Reflection.call(request, "getServletRequestInfo");
    } catch (NoSuchMethodException e) {
      // Jetty 12 with ee8.
      return Reflection.call(request, "getCoreRequest");
    }
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
        || attribute.startsWith("io.undertow.")
        || REDISSONS.contains(attribute);
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

  /** Whether a session has ended that a request has found before. */
  public static boolean hasEnded(HttpSession session) {
    try {
      return session.getCreationTime() < 0;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /**
   * Ends a session if it has not ended yet, with a word to the listeners. Where Jetty's context has
   * left its server already, to be stopped, Jetty marks the session as invalid and no longer finds
   * the cache that holds it; so it is taken out of that here.
   */
  public static void invalidate(HttpSession session) {
    Object cache = null;
    Object id = null;
    try {
      Object managed = Reflection.call(session, "getSession");
      cache = Reflection.call(Reflection.call(managed, "getSessionManager"), "getSessionCache");
      id = Reflection.call(managed, "getId");
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another container.
    }
    try {
      session.invalidate();
    } catch (IllegalStateException e) {
      // Another request has ended it meanwhile.
    }
    if (cache != null) {
      try {
        @Nullable Object unused =
            cache.getClass().getMethod("delete", String.class).invoke(cache, id);
      } catch (ReflectiveOperationException | RuntimeException e) {
        LOG.log(Level.DEBUG, "The cache of Jetty's sessions has stopped", e);
      }
    }
  }

  /** Whether the container is about to log a user in by FORM and keeps the request in it. */
  public static boolean isLoggingIn(HttpSession session) {
    if (session.getAttribute("org.eclipse.jetty.security.form_URI") != null) {
      return true;
    }
    try {
      Object standard = Reflection.field(session, "session");
      return standard
              .getClass()
              .getMethod("getNote", String.class)
              .invoke(standard, "org.apache.catalina.authenticator.REQUEST")
          != null;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
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
      Object cache =
          Reflection.call(Reflection.call(managed, "getSessionManager"), "getSessionCache");
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

  /**
   * Gives a session what one of ours held; on Tomcat and Jetty no listener and no value is told.
   * Elsewhere they are, and it keeps the creation time that it has.
   *
   * @param interval whole seconds; zero or negative: never expires
   */
  public static void fill(
      HttpSession session, Instant created, Duration interval, Map<String, Object> attributes) {
    session.removeAttribute(MARK);
    session.setMaxInactiveInterval((int) Math.min(interval.toSeconds(), Integer.MAX_VALUE));
    if (!isFilledByTomcat(session, created, attributes)
        && !isFilledByJetty(session, created, attributes)) {
      attributes.forEach(session::setAttribute);
    }
  }

  private static boolean isFilledByTomcat(
      HttpSession session, Instant created, Map<String, Object> attributes) {
    try {
      Object standard = Reflection.field(session, "session");
      Method set =
          standard.getClass().getMethod("setAttribute", String.class, Object.class, boolean.class);
      Field creationTime = Reflection.find(standard, "creationTime");
      for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
        set.invoke(standard, attribute.getKey(), attribute.getValue(), false);
      }
      // Its setter would also set the time of the last access.
      creationTime.setLong(standard, created.toEpochMilli());
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isFilledByJetty(
      HttpSession session, Instant created, Map<String, Object> attributes) {
    try {
      Object data = Reflection.call(Reflection.call(session, "getSession"), "getSessionData");
      Method set = data.getClass().getMethod("setAttribute", String.class, Object.class);
      Method setCreated = data.getClass().getMethod("setCreated", long.class);
      for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
        set.invoke(data, attribute.getKey(), attribute.getValue());
      }
      setCreated.invoke(data, created.toEpochMilli());
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return false;
    }
  }

  /**
   * Has the container take the user for logged in to its session, and to this request, where it has
   * a way: on Tomcat and Jetty. Elsewhere the user has to log in again, because {@code login()}
   * takes the password.
   *
   * @param request the container's own
   */
  public static void logIn(HttpServletRequest request, HttpSession session, Login login) {
    try {
      TomcatAuthentication.logIn(request, session, login);
      return;
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another container.
    }
    try {
      JettyAuthentication.logIn(session, login);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "The login of a user could not be handed to this container: the user has to log in again",
          e);
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
