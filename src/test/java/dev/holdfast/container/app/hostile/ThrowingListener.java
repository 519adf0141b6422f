package dev.holdfast.container.app.hostile;

import dev.holdfast.container.app.Events;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;

/** Fails whenever a session ends, as in CVE-2021-34428, after it has looked at an attribute. */
public final class ThrowingListener implements HttpSessionListener {

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    Events.record("destroyed with color " + event.getSession().getAttribute("color"));
    throw new IllegalStateException("the listener fails");
  }

  /** A value that fails when it is unbound. */
  public static final class Value implements HttpSessionBindingListener, Serializable {
    private static final long serialVersionUID = 1L;

    public Value(String ignored) {}

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      throw new IllegalStateException("the value fails");
    }
  }
}
