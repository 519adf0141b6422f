package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextAttributeListener;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which session listeners an application has.
 *
 * <p>It takes the container's own instances, if it can find them: an application may rely on there
 * being one of each, and on what was injected into it. Elsewhere it creates instances of the
 * classes that web.xml declares, but only of those that are nothing but session listeners: a second
 * instance of a listener that the container calls for other events, too, would not be the one the
 * application knows. If the setting {@code listeners} names classes, it takes those instead; of
 * these, too, the container's instance where there is one.
 */
public final class ListenerDiscovery {
  private static final List<Class<? extends EventListener>> SESSION_KINDS =
      List.of(
          HttpSessionListener.class,
          HttpSessionAttributeListener.class,
          HttpSessionIdListener.class);
  private static final List<Class<? extends EventListener>> OTHER_KINDS =
      List.of(
          ServletContextListener.class,
          ServletContextAttributeListener.class,
          ServletRequestListener.class,
          ServletRequestAttributeListener.class);

  private final ServletContext context;
  private final DeploymentDescriptor descriptor;
  private final Set<String> named;

  /** Instances made here, by class name, so that there is one of each. */
  private final Map<String, EventListener> made = new HashMap<>();

  ListenerDiscovery(ServletContext context, DeploymentDescriptor descriptor, Set<String> named) {
    this.context = context;
    this.descriptor = descriptor;
    this.named = named;
  }

  /**
   * What was found.
   *
   * @param remarks what is amiss, for the start-up report
   */
  record Found(ContainerListeners listeners, List<String> remarks) {
    /** Class names and where they are from. */
    String describe() {
      Set<String> names =
          Stream.of(listeners.session(), listeners.attribute(), listeners.id())
              .flatMap(List::stream)
              .map(listener -> listener.getClass().getName())
              .collect(Collectors.toCollection(LinkedHashSet::new));
      return (names.isEmpty() ? "none" : String.join(", ", names))
          + " ("
          + listeners.origin()
          + ")";
    }
  }

  /**
   * @throws IllegalArgumentException when a named one is no session listener of the application
   */
  synchronized Found find() {
    List<String> remarks = new ArrayList<>();
    ContainerListeners live = ContainerListeners.of(context);
    if (live != null) {
      live.request().stream()
          .filter(listener -> !SessionBeans.areKeptBy(listener) && !isOurs(listener))
          .map(ListenerDiscovery::seesTheContainer)
          .forEach(remarks::add);
    }
    if (!hasWeld(live) && SessionBeans.areIn(context)) {
      remarks.add(
          "WARNING: the @SessionScoped and @ConversationScoped beans of this application stay in"
              + " sessions of "
              + context.getServerInfo()
              + ", on the node that made them. Use a sticky balancer and expect them to be lost"
              + " with their node, or keep in attributes of the session what has to last.");
    }
    if (!named.isEmpty()) {
      List<EventListener> chosen = new ArrayList<>();
      for (String name : named) {
        EventListener existing = live == null ? null : byName(live, name);
        chosen.add(existing != null ? existing : make(name));
      }
      return new Found(
          listeners("the setting listeners", chosen, live == null ? List.of() : live.request()),
          remarks);
    }
    if (live == null) {
      return new Found(listeners("web.xml", declared(remarks), List.of()), remarks);
    }
    ContainerListeners own =
        new ContainerListeners(
            "the instances of " + live.origin(),
            without(live.session(), ContainerSessionAlarm.class::isInstance),
            live.attribute(),
            live.id(),
            live.request());
    return new Found(own, remarks);
  }

  private static <T> List<T> without(List<T> all, Predicate<T> unwanted) {
    return all.stream().filter(unwanted.negate()).toList();
  }

  private static boolean hasWeld(@Nullable ContainerListeners live) {
    return live != null && live.request().stream().anyMatch(SessionBeans::areKeptBy);
  }

  private static boolean isOurs(ServletRequestListener listener) {
    return listener.getClass().getPackage() == ListenerDiscovery.class.getPackage();
  }

  private static String seesTheContainer(ServletRequestListener listener) {
    return listener.getClass().getName()
        + " is a ServletRequestListener: it runs before any filter and sees the container's"
        + " request; what it gets from getSession() is a session of the container, on this node"
        + " only";
  }

  private static @Nullable EventListener byName(ContainerListeners live, String name) {
    return Stream.of(live.session(), live.attribute(), live.id())
        .flatMap(List::stream)
        .filter(listener -> listener.getClass().getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static ContainerListeners listeners(
      String origin, List<EventListener> all, List<ServletRequestListener> request) {
    return new ContainerListeners(
        origin,
        only(HttpSessionListener.class, all),
        only(HttpSessionAttributeListener.class, all),
        only(HttpSessionIdListener.class, all),
        request);
  }

  private static <T> List<T> only(Class<T> kind, List<EventListener> all) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private List<EventListener> declared(List<String> remarks) {
    List<EventListener> adopted = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (String name : descriptor.listeners()) {
      Class<?> type = load(name);
      if (type == null || SESSION_KINDS.stream().noneMatch(kind -> kind.isAssignableFrom(type))) {
        continue;
      }
      if (OTHER_KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(type))) {
        skipped.add(name);
      } else {
        adopted.add(make(name));
      }
    }
    remarks.add(
        "WARNING: the session listeners of "
            + context.getServerInfo()
            + " cannot be found. Called are those in web.xml that are nothing but session"
            + " listeners; not called are "
            + (skipped.isEmpty() ? "" : String.join(", ", skipped) + " and ")
            + "any that are annotated or added by a program. Name all that are to be called in the"
            + " setting listeners.");
    return adopted;
  }

  /**
   * Creates none of them: the container may have instances of its own, or create them later.
   *
   * @throws IllegalArgumentException when a named one is no session listener of the application
   */
  public static void check(Set<String> named, ClassLoader loader) {
    named.forEach(name -> sessionListener(name, loader));
  }

  private @Nullable Class<?> load(String name) {
    return load(name, ApplicationLoader.of(context));
  }

  private static @Nullable Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private static Class<? extends EventListener> sessionListener(String name, ClassLoader loader) {
    Class<?> type = load(name, loader);
    if (type == null || SESSION_KINDS.stream().noneMatch(kind -> kind.isAssignableFrom(type))) {
      throw new IllegalArgumentException(
          "listeners: "
              + name
              + (type == null
                  ? " is not in this application; remove it or write its full name"
                  : " is neither HttpSessionListener, HttpSessionAttributeListener nor"
                      + " HttpSessionIdListener; remove it"));
    }
    return type.asSubclass(EventListener.class);
  }

  private EventListener make(String name) {
    EventListener existing = made.get(name);
    if (existing != null) {
      return existing;
    }
    Class<? extends EventListener> type = sessionListener(name, ApplicationLoader.of(context));
    try {
      EventListener listener = context.createListener(type);
      made.put(name, listener);
      return listener;
    } catch (ServletException | RuntimeException e) {
      throw new IllegalArgumentException(
          "listeners: " + name + " cannot be made: " + e.getMessage(), e);
    }
  }
}
