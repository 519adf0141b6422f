package dev.holdfast.container.app.listening;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Gives Holdfast's filter a ServletContext that is of no container's class. */
public final class Disguise implements Filter {
  private Filter filter;

  @Override
  public void init(FilterConfig config) throws ServletException {
    try {
      filter =
          (Filter)
              Class.forName("dev.holdfast.HoldfastFilter").getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new ServletException(e);
    }
    ServletContext context = forward(ServletContext.class, config.getServletContext(), null);
    filter.init(forward(FilterConfig.class, config, context));
  }

  private static <T> T forward(Class<T> type, T target, ServletContext context) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (context != null && method.getReturnType() == ServletContext.class) {
                return context;
              }
              try {
                return method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    filter.doFilter(request, response, chain);
  }

  @Override
  public void destroy() {
    filter.destroy();
  }
}
