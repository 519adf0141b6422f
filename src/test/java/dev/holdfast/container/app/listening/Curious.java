package dev.holdfast.container.app.listening;

import dev.holdfast.container.app.Events;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.util.Collections;

/** Writes down what listeners can see and do at each event. Declared in a web.xml. */
public final class Curious
    implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    Events.record("created new=" + event.getSession().isNew() + loader());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    Events.record(
        "destroyed "
            + Collections.list(session.getAttributeNames()).stream().sorted().toList()
            + " a="
            + session.getAttribute("a")
            + " created="
            + (session.getCreationTime() > 0)
            + " request="
            + requestSession()
            + " again="
            + attempt(session::invalidate)
            + loader());
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldId) {
    Events.record("id changed=" + !event.getSession().getId().equals(oldId));
  }

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    Events.record("added " + text(event));
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {
    Events.record("removed " + text(event));
  }

  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    Events.record("replaced " + text(event));
  }

  static String text(HttpSessionBindingEvent event) {
    return event.getName()
        + "="
        + event.getValue()
        + " seen="
        + attempt(() -> event.getSession().getAttribute(event.getName()));
  }

  private static String requestSession() {
    HttpServletRequest request = CurrentRequest.get();
    return request == null ? "none" : String.valueOf(request.getSession(false));
  }

  private static String attempt(Runnable action) {
    return attempt(
        () -> {
          action.run();
          return "done";
        });
  }

  /** Like Supplier, but a lambda of void statements does not fit. */
  interface Reading {
    Object read();
  }

  private static String attempt(Reading reading) {
    try {
      return String.valueOf(reading.read());
    } catch (IllegalStateException e) {
      return "ISE";
    }
  }

  private static String loader() {
    boolean own = Thread.currentThread().getContextClassLoader() == Curious.class.getClassLoader();
    return own ? "" : " with a foreign class loader";
  }

  /** A value that wants to know, and may fail. */
  public static final class Value implements HttpSessionBindingListener, Serializable {
    private static final long serialVersionUID = 1L;
    private final String name;

    public Value(String name) {
      this.name = name;
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      Events.record("bound " + text(event));
      failIfSo();
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      Events.record("unbound " + event.getName() + "=" + name + " seen=" + seen(event));
      failIfSo();
    }

    private static String seen(HttpSessionBindingEvent event) {
      return attempt(() -> event.getSession().getAttribute(event.getName()));
    }

    private void failIfSo() {
      if (name.startsWith("failing")) {
        throw new IllegalArgumentException("as was asked for");
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
