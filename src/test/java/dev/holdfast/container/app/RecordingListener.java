package dev.holdfast.container.app;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collections;

/** Records session events. Not annotated: a web.xml declares it where a test wants it. */
public final class RecordingListener
    implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    Events.record("sessionCreated " + event.getSession().getId());
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    Events.record(
        "sessionDestroyed "
            + session.getId()
            + " with "
            + Collections.list(session.getAttributeNames()).stream().sorted().toList());
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldId) {
    Events.record("sessionIdChanged " + oldId + " to " + event.getSession().getId());
  }

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    Events.record("attributeAdded " + event.getName() + " " + event.getValue());
  }

  @Override
  public void attributeRemoved(HttpSessionBindingEvent event) {
    Events.record("attributeRemoved " + event.getName() + " " + event.getValue());
  }

  @Override
  public void attributeReplaced(HttpSessionBindingEvent event) {
    Events.record("attributeReplaced " + event.getName() + " " + event.getValue());
  }
}
