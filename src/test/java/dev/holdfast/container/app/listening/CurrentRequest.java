package dev.holdfast.container.app.listening;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Lets listeners find the request that their thread works on. Declared in a web.xml. */
public final class CurrentRequest implements Filter {
  private static final ThreadLocal<HttpServletRequest> CURRENT = new ThreadLocal<>();

  static HttpServletRequest get() {
    return CURRENT.get();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    CURRENT.set((HttpServletRequest) request);
    try {
      chain.doFilter(request, response);
    } finally {
      CURRENT.remove();
    }
  }
}
