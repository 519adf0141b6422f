package dev.holdfast.servlet;

import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * What {@code HttpSession} had until Servlet 5.0, as it was specified there: each a former name of
 * another method. In the javax jar these override the API's; without them a call ends in an {@code
 * AbstractMethodError}.
 */
interface DroppedSessionMethods extends HttpSession {
  default @Nullable Object getValue(String name) {
    return getAttribute(name);
  }

  default String[] getValueNames() {
    return Collections.list(getAttributeNames()).toArray(String[]::new);
  }

  default void putValue(String name, @Nullable Object value) {
    setAttribute(name, value);
  }

  default void removeValue(String name) {
    removeAttribute(name);
  }

  default HttpSessionContext getSessionContext() {
    return NoSessions.context();
  }
}
