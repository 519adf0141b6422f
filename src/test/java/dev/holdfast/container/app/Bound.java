package dev.holdfast.container.app;

import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;

/** A value that records when it is bound, unbound, passivated and activated. */
public final class Bound
    implements HttpSessionBindingListener, HttpSessionActivationListener, Serializable {

  private static final long serialVersionUID = 1L;

  private final String label;

  public Bound(String label) {
    this.label = label;
  }

  @Override
  public void valueBound(HttpSessionBindingEvent event) {
    Events.record("valueBound " + event.getName() + " " + label);
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    Events.record("valueUnbound " + event.getName() + " " + label);
  }

  @Override
  public void sessionWillPassivate(HttpSessionEvent event) {
    Events.record("sessionWillPassivate " + label);
  }

  @Override
  public void sessionDidActivate(HttpSessionEvent event) {
    Events.record("sessionDidActivate " + label);
  }

  @Override
  public String toString() {
    return "bound " + label;
  }
}
