package dev.holdfast.container.app.listening;

import dev.holdfast.container.app.Events;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** Listeners that CDI makes. */
public final class Injected {
  private Injected() {}

  /** What is injected. */
  @ApplicationScoped
  public static class Counter {
    private int sessions;

    public int increment() {
      return ++sessions;
    }
  }

  /** Made and injected by CDI. */
  @Dependent
  public static class Listener implements HttpSessionListener {
    @Inject private Counter counter;

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      Events.record("injected: session " + counter.increment());
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      Events.record("injected: end of session, " + counter.getClass().getName().contains("Proxy"));
    }
  }

  /** Declared in web.xml; adds the listener. */
  public static final class Registrar implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
      event.getServletContext().addListener(CDI.current().select(Listener.class).get());
    }
  }
}
