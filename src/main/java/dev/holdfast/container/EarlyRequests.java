package dev.holdfast.container;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Undertow, also in WildFly, calls request listeners before it looks for a login in its session,
 * but accepts no new listener once filters are initialised. So this one is added at the start and
 * waits to be told whom to ask.
 */
public final class EarlyRequests implements ServletRequestListener {
  private static final String ATTRIBUTE = EarlyRequests.class.getName();

  private volatile @Nullable EarlyUser user;

  private EarlyRequests() {}

  /** Adds the listener on Undertow; other containers have ways of their own. */
  public static void addTo(ServletContext context) {
    if (context.getClass().getName().startsWith("io.undertow.")) {
      EarlyRequests early = new EarlyRequests();
      context.addListener(early);
      context.setAttribute(ATTRIBUTE, early);
    }
  }

  /** Has {@code user} asked from now on, if this listener was added. */
  static void ask(EarlyUser user, ServletContext context) {
    if (context.getAttribute(ATTRIBUTE) instanceof EarlyRequests early) {
      early.user = user;
    }
  }

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    EarlyUser asked = user;
    if (asked != null && event.getServletRequest() instanceof HttpServletRequest request) {
      asked.verify(request);
    }
  }
}
