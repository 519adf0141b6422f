package dev.holdfast.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Enumeration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The response that takes our cookie when one application includes another: the included one's own
 * response ignores headers (Servlet 6.1, 9.3).
 *
 * <p>Both applications may carry this library, each in its own class loader, so all that they have
 * in common is types of the JDK and of the container.
 */
final class OuterResponse {
  /**
   * How the attribute's name begins, before the context path; its value supplies that application's
   * response.
   */
  static final String ATTRIBUTE = RequestScope.class.getName() + ":";

  private OuterResponse() {}

  /**
   * The response of the request as a whole, as far as it can be found; mostly {@code response}.
   *
   * @param own the attribute of the application that asks
   */
  static HttpServletResponse of(
      HttpServletRequest request, HttpServletResponse response, String own) {
    if (request.getDispatcherType() != DispatcherType.INCLUDE) {
      return response;
    }
    HttpServletResponse known = ofIncluding(request, own);
    if (known != null) {
      return known;
    }
    ServletResponse current = response;
    while (current instanceof ServletResponseWrapper wrapper) {
      current = wrapper.getResponse();
    }
    return current instanceof HttpServletResponse http ? http : response;
  }

  private static @Nullable HttpServletResponse ofIncluding(HttpServletRequest request, String own) {
    Enumeration<String> names = request.getAttributeNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      if (name.startsWith(ATTRIBUTE)
          && !name.equals(own)
          && request.getAttribute(name) instanceof Supplier<?> scope
          && scope.get() instanceof HttpServletResponse response) {
        return response;
      }
    }
    return null;
  }
}
