package dev.holdfast.servlet;

import dev.holdfast.container.SessionBeans;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * Lets the contexts of Weld, the reference implementation of CDI, live in our session.
 *
 * <p>Weld takes the session of {@code @SessionScoped} and {@code @ConversationScoped} beans from
 * the request that a {@link ServletRequestListener} shows it, before any filter. There is no way to
 * stand before that listener with another request: the container makes the request. So when the
 * request reaches the filter, that listener is told that the container's request has ended and that
 * ours has begun. What it set up for the first is gone by then; an application notices only that
 * {@code @Initialized(RequestScoped.class)} is fired twice, and that what another
 * ServletRequestListener put into a {@code @RequestScoped} bean is not there any more.
 *
 * <p>Weld asks for the session at once, which on the container costs nothing and here a wait for
 * Redis: it is shown one that is looked up at first use ({@link DeferredSession}).
 */
final class WeldRequests {
  private final ServletContext context;
  private final List<ServletRequestListener> listeners;

  private WeldRequests(ServletContext context, List<ServletRequestListener> listeners) {
    this.context = context;
    this.listeners = listeners;
  }

  /**
   * @param all the request listeners of the application, in the container's order
   */
  static WeldRequests among(List<ServletRequestListener> all, ServletContext context) {
    return new WeldRequests(context, all.stream().filter(SessionBeans::areKeptBy).toList());
  }

  /** Shows our request in place of the container's, which Weld has seen already. */
  void show(HttpServletRequest container, SessionRequest ours) {
    if (listeners.isEmpty()) {
      return;
    }
    for (int i = listeners.size() - 1; i >= 0; i--) {
      listeners.get(i).requestDestroyed(new ServletRequestEvent(context, container));
    }
    DeferringRequest shown = new DeferringRequest(ours);
    for (ServletRequestListener listener : listeners) {
      listener.requestInitialized(new ServletRequestEvent(context, shown));
    }
    shown.begun();
  }
}
