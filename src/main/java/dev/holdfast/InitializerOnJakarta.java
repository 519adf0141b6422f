package dev.holdfast;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Called by a container of {@code jakarta.servlet}; see {@link OtherServletApi}. */
public final class InitializerOnJakarta implements ServletContainerInitializer {
  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    if (OtherServletApi.initializer() instanceof ServletContainerInitializer same) {
      same.onStartup(classes, context);
    } else {
      throw new ServletException(OtherServletApi.message("jakarta", "javax", "all"));
    }
  }
}
