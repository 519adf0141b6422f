package dev.holdfast.container.app;

import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;

/** A value that can only stay where it is: it holds a thread. Records when it is unbound. */
public final class Unserializable implements HttpSessionBindingListener {

  private final Thread thread = Thread.currentThread();
  private final String name;

  public Unserializable(String name) {
    this.name = name;
  }

  public Thread thread() {
    return thread;
  }

  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    Events.record("valueUnbound " + event.getName() + " " + this);
  }

  @Override
  public String toString() {
    return "unserializable " + name;
  }
}
