package dev.holdfast.container;

import dev.holdfast.metrics.Metrics;
import dev.holdfast.metrics.Metrics.Counter;
import dev.holdfast.session.Session;
import dev.holdfast.session.SessionEvents;
import dev.holdfast.text.Loggers;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the application's session listeners, with its class loader as the thread's.
 *
 * <p>It looks for the listeners twice: at start, for the report; and for good when there is
 * something to tell and the first request has come, because listeners may be added until the last
 * filter is initialised, which may not be ours, and because containers make them as late as that.
 * What a sweep has to tell before that is told to those that are there.
 *
 * <p>What a listener throws is logged, and keeps neither the next listener from being called nor
 * the session from ending: Tomcat's rule.
 */
public final class SessionListeners implements SessionEvents {
  private static final Logger LOG = Loggers.named("dev.holdfast");

  /** How the names of classes begin that belong to a container or to this library. */
  private static final List<String> NOT_OF_THE_APPLICATION =
      List.of("org.apache.catalina.", "org.apache.tomcat.", "org.eclipse.jetty.");

  private final ClassLoader loader;
  private final ListenerDiscovery discovery;
  private final Metrics metrics;
  private final ListenerDiscovery.Found atStart;
  private @Nullable Function<Session, ? extends HttpSession> facades;
  private volatile @Nullable ContainerListeners adopted;
  private volatile boolean deployed;

  /**
   * Finds out whom to call.
   *
   * @param named class names of the only listeners to call, in order; if it is empty, those of the
   *     container
   * @throws IllegalArgumentException when one of these is no session listener of the application
   */
  public SessionListeners(
      ServletContext context, DeploymentDescriptor descriptor, Set<String> named, Metrics metrics) {
    this.loader = ApplicationLoader.of(context);
    this.discovery = new ListenerDiscovery(context, descriptor, named);
    this.metrics = metrics;
    this.atStart = discovery.find();
  }

  /** Sets how an {@code HttpSession} is made of a session. */
  public void facades(Function<Session, ? extends HttpSession> maker) {
    facades = maker;
  }

  /** The lines of the start-up report. */
  public List<String> report() {
    List<String> lines = new ArrayList<>();
    lines.add("listeners: " + atStart.describe());
    atStart.remarks().forEach(remark -> lines.add("note: " + remark));
    return lines;
  }

  private ContainerListeners adopted() {
    ContainerListeners known = adopted;
    return known != null ? known : adopt();
  }

  /** Called when a request has come: no more listeners can be added. */
  public void deployed() {
    deployed = true;
  }

  private synchronized ContainerListeners adopt() {
    ContainerListeners known = adopted;
    if (known == null) {
      boolean forGood = deployed;
      ListenerDiscovery.Found now = discovery.find();
      if (!forGood) {
        return now.listeners();
      }
      if (!now.describe().equals(atStart.describe())) {
        LOG.log(Level.INFO, "Session listeners, with those added since start: {0}", now.describe());
      }
      known = now.listeners();
      adopted = known;
    }
    return known;
  }

  /** The container's request listeners, which it calls before any filter. */
  public List<ServletRequestListener> requestListeners() {
    return adopted().request();
  }

  private HttpSession facade(Session session) {
    return Objects.requireNonNull(facades, "no request has come yet").apply(session);
  }

  @Override
  public boolean isOfContainer(Object value) {
    Class<?> type = value.getClass();
    return type.getClassLoader() != loader && isNamedAsTheContainers(type);
  }

  @Override
  public boolean endsObserved() {
    return adopted().session().stream()
        .anyMatch(listener -> !isNamedAsTheContainers(listener.getClass()));
  }

  private static boolean isNamedAsTheContainers(Class<?> type) {
    return type.getPackage() == SessionListeners.class.getPackage()
        || NOT_OF_THE_APPLICATION.stream().anyMatch(type.getName()::startsWith);
  }

  @Override
  public boolean attributesObserved() {
    return !adopted().attribute().isEmpty();
  }

  @Override
  public boolean isBindingListener(Object value) {
    return value instanceof HttpSessionBindingListener;
  }

  @Override
  public boolean isActivationListener(Object value) {
    return value instanceof HttpSessionActivationListener;
  }

  @Override
  public void created(Session session) {
    tell(
        adopted().session(),
        "sessionCreated",
        () -> new HttpSessionEvent(facade(session)),
        HttpSessionListener::sessionCreated);
  }

  /** Tells in reverse order (Servlet 6.1, HttpSessionListener.sessionDestroyed). */
  @Override
  public void destroyed(Session session) {
    List<HttpSessionListener> reverse = new ArrayList<>(adopted().session());
    Collections.reverse(reverse);
    tell(
        reverse,
        "sessionDestroyed",
        () -> new HttpSessionEvent(facade(session)),
        HttpSessionListener::sessionDestroyed);
  }

  @Override
  public void idChanged(Session session, String oldId) {
    tell(
        adopted().id(),
        "sessionIdChanged",
        () -> new HttpSessionEvent(facade(session)),
        (HttpSessionIdListener listener, HttpSessionEvent event) ->
            listener.sessionIdChanged(event, oldId));
  }

  @Override
  public void attributeAdded(Session session, String name, Object value) {
    tell(
        adopted().attribute(),
        "attributeAdded",
        () -> new HttpSessionBindingEvent(facade(session), name, value),
        HttpSessionAttributeListener::attributeAdded);
  }

  @Override
  public void attributeReplaced(Session session, String name, Object oldValue) {
    tell(
        adopted().attribute(),
        "attributeReplaced",
        () -> new HttpSessionBindingEvent(facade(session), name, oldValue),
        HttpSessionAttributeListener::attributeReplaced);
  }

  @Override
  public void attributeRemoved(Session session, String name, Object oldValue) {
    tell(
        adopted().attribute(),
        "attributeRemoved",
        () -> new HttpSessionBindingEvent(facade(session), name, oldValue),
        HttpSessionAttributeListener::attributeRemoved);
  }

  @Override
  public void valueBound(Session session, String name, Object value) {
    if (value instanceof HttpSessionBindingListener listener) {
      tell(
          List.of(listener),
          "valueBound",
          () -> new HttpSessionBindingEvent(facade(session), name, value),
          HttpSessionBindingListener::valueBound);
    }
  }

  @Override
  public void valueUnbound(Session session, String name, Object value) {
    if (value instanceof HttpSessionBindingListener listener) {
      withLoader(
          () -> listener.valueUnbound(new HttpSessionBindingEvent(facade(session), name, value)));
    }
  }

  @Override
  public void willPassivate(Session session, Object value) {
    if (value instanceof HttpSessionActivationListener listener) {
      tell(
          List.of(listener),
          "sessionWillPassivate",
          () -> new HttpSessionEvent(facade(session)),
          HttpSessionActivationListener::sessionWillPassivate);
    }
  }

  @Override
  public void didActivate(Session session, Object value) {
    if (value instanceof HttpSessionActivationListener listener) {
      tell(
          List.of(listener),
          "sessionDidActivate",
          () -> new HttpSessionEvent(facade(session)),
          HttpSessionActivationListener::sessionDidActivate);
    }
  }

  private <L, E> void tell(
      List<? extends L> listeners, String call, Supplier<E> maker, BiConsumer<L, E> method) {
    if (listeners.isEmpty()) {
      return;
    }
    E event = maker.get();
    withLoader(() -> listeners.forEach(isolated(call, listener -> method.accept(listener, event))));
  }

  private <L> Consumer<L> isolated(String call, Consumer<L> listener) {
    return each -> {
      try {
        listener.accept(each);
      } catch (Exception | LinkageError | AssertionError e) {
        metrics.count(Counter.LISTENER_FAILED);
        LOG.log(
            Level.ERROR,
            "The session listener " + each.getClass().getName() + " failed in " + call,
            e);
      }
    };
  }

  /** Sets the context class loader: a sweep, or another application's thread, may come with any. */
  private void withLoader(Runnable work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    if (before == loader) {
      work.run();
      return;
    }
    thread.setContextClassLoader(loader);
    try {
      work.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
