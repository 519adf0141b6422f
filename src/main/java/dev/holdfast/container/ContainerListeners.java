package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that a container calls for its own sessions: its live instances, whether declared,
 * annotated, added by a program or injected, each kind in the order in which the container calls
 * it. Listeners that the container itself has added (Tomcat closes WebSockets with one) are among
 * them and do their work on our sessions.
 *
 * @param origin where they are from
 * @param session told of sessions
 * @param attribute told of attributes
 * @param id told of changed ids
 * @param request told of requests, before any filter: they see the container's own session
 */
public record ContainerListeners(
    String origin,
    List<HttpSessionListener> session,
    List<HttpSessionAttributeListener> attribute,
    List<HttpSessionIdListener> id,
    List<ServletRequestListener> request) {

  public ContainerListeners {
    session = List.copyOf(session);
    attribute = List.copyOf(attribute);
    id = List.copyOf(id);
    request = List.copyOf(request);
  }

  /** One way to find them. */
  private interface Way {
    ContainerListeners find(ServletContext context) throws ReflectiveOperationException;
  }

  private static final List<Way> WAYS =
      List.of(
          JettyListeners::find,
          TomcatListeners::find,
          TomcatListeners::findByManagement,
          UndertowListeners::find,
          GlassFishListeners::find,
          LibertyListeners::find);

  /** The listeners that are there now; null on a container where they cannot be found. */
  public static @Nullable ContainerListeners of(ServletContext context) {
    for (Way way : WAYS) {
      try {
        return way.find(context);
      } catch (ReflectiveOperationException | RuntimeException e) {
        // Another container, or another way into this one.
      }
    }
    return null;
  }
}
