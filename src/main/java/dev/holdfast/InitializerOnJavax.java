package dev.holdfast;

import java.util.Set;
import javax.servlet.ServletContainerInitializer;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import org.jspecify.annotations.Nullable;

/** Called by a container of {@code javax.servlet}; see {@link OtherServletApi}. */
public final class InitializerOnJavax implements ServletContainerInitializer {
  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    if (OtherServletApi.initializer() instanceof ServletContainerInitializer same) {
      same.onStartup(classes, context);
    } else {
      throw new ServletException(OtherServletApi.message("javax", "jakarta", "all-javax"));
    }
  }
}
