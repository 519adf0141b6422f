package dev.holdfast.container.app.listening;

import dev.holdfast.container.app.Events;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** Listeners that say which of them was called, one class for each way to add one. */
public abstract class Named
    implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
  private final String name;

  private Named(String name) {
    this.name = name;
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    Events.record("created: " + name);
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    Events.record("destroyed: " + name);
  }

  @Override
  public void sessionIdChanged(HttpSessionEvent event, String oldId) {
    Events.record("id: " + name);
  }

  @Override
  public void attributeAdded(HttpSessionBindingEvent event) {
    Events.record("added: " + name);
  }

  /** Declared in web.xml. */
  public static final class Declared extends Named {
    public Declared() {
      super("declared");
    }
  }

  /** Declared in web.xml before all others, and throws whenever it is called. */
  public static final class Failing extends Named {
    public Failing() {
      super("failing");
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      super.sessionCreated(event);
      throw new IllegalArgumentException("as was asked for");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      super.sessionDestroyed(event);
      throw new IllegalArgumentException("as was asked for");
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      super.attributeAdded(event);
      throw new NoClassDefFoundError("as was asked for");
    }
  }

  /** Found by its annotation. */
  @WebListener
  public static final class Annotated extends Named {
    public Annotated() {
      super("annotated");
    }
  }

  /**
   * Declared in web.xml: the context's listener and the sessions' in one, as many an application
   * has it; adds another by program.
   */
  public static final class OfContextToo extends Named implements ServletContextListener {
    private boolean started;

    public OfContextToo() {
      super("of context, too");
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
      started = true;
      event.getServletContext().addListener(new Added());
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      Events.record("created: of context, too, started=" + started);
    }
  }

  /** Added by {@link OfContextToo}. */
  public static final class Added extends Named {
    Added() {
      super("added");
    }
  }
}
