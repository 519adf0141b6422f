package dev.holdfast.history.app;

import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.Serializable;

/**
 * A value that writes to the server's standard output when it is unbound, as {@link Witness} does:
 * {@code UNBOUND name text}.
 *
 * @param text of the checker
 */
public record Noted(String text) implements HttpSessionBindingListener, Serializable {
  @Override
  public void valueUnbound(HttpSessionBindingEvent event) {
    System.out.println("\nUNBOUND " + event.getName() + " " + text);
  }
}
