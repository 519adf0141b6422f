package dev.holdfast.container.lines;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.annotation.WebListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Logs before and after all filters, on the thread of the container. The parameter {@code outer}
 * has the MDC hold something there already.
 */
@WebListener
public final class OutsideListener implements ServletRequestListener {
  private static final Logger LOG = LoggerFactory.getLogger("lines");
  private static final String KEY = "holdfast.user";

  @Override
  public void requestInitialized(ServletRequestEvent event) {
    String of = event.getServletRequest().getParameter("of");
    LOG.info("{} before", of);
    String outer = event.getServletRequest().getParameter("outer");
    if (outer != null) {
      MDC.put(KEY, outer);
    }
  }

  @Override
  public void requestDestroyed(ServletRequestEvent event) {
    LOG.info("{} after", event.getServletRequest().getParameter("of"));
    if (event.getServletRequest().getParameter("outer") != null) {
      MDC.remove(KEY);
    }
  }
}
