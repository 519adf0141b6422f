package dev.holdfast.container;

import dev.holdfast.text.Loggers;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The container calls this listener when it creates a session of its own. This library never asks
 * for one, so the listener says, once, which part of the application did. It costs nothing until
 * then.
 */
public final class ContainerSessionAlarm implements HttpSessionListener {
  private static final Logger LOG = Loggers.named("dev.holdfast");
  private static final List<String> NOT_THE_CAUSE =
      List.of(
          "java.",
          "jdk.",
          "jakarta.",
          "javax.",
          "org.apache.catalina.",
          "org.apache.coyote.",
          "org.apache.tomcat.",
          "org.eclipse.jetty.",
          "org.apache.tomee.",
          "org.apache.openejb.",
          "org.jboss.",
          "org.wildfly.",
          "io.undertow.",
          "org.glassfish.",
          "com.sun.enterprise.",
          "fish.payara.",
          "com.ibm.ws.",
          "io.openliberty.");

  private static final String HERE = ContainerSessionAlarm.class.getPackageName();

  /**
   * Calls of login() and authenticate() pass through here: a session that the container creates
   * then holds its login.
   */
  private static final String OURS = HERE.replaceFirst("container$", "servlet.");

  private final AtomicBoolean raised = new AtomicBoolean();

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    String cause = cause();
    if (cause != null && raised.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "The container has created a session of its own in {0}, because {1} asked for it. It"
              + " stays on this node, and the session listeners of the application are told of it"
              + " too. A call of getSession() before the filter of Holdfast does this: in a"
              + " ServletRequestListener, or in a filter that is mapped before it. Call"
              + " getSession() after that filter, or send a user to the same node each time. This"
              + " is reported once.",
          event.getSession().getServletContext().getContextPath().isEmpty()
              ? "/"
              : event.getSession().getServletContext().getContextPath(),
          cause);
    }
  }

  /**
   * What asked for the session; null when the application has not: then it holds a login of the
   * container.
   */
  private static @Nullable String cause() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> mayBeTheCause(frame.getClassName()))
                    .findFirst()
                    .filter(frame -> !frame.getClassName().startsWith(OURS))
                    .map(Object::toString)
                    .orElse(null));
  }

  private static boolean mayBeTheCause(String className) {
    boolean here = className.lastIndexOf('.') == HERE.length() && className.startsWith(HERE);
    return !here && NOT_THE_CAUSE.stream().noneMatch(className::startsWith);
  }
}
