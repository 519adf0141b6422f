package dev.holdfast;

import dev.holdfast.servlet.container.ContainerSessionAlarm;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds the filter before all others, on all dispatcher types and with async support, unless web.xml
 * declares it. Found by the container because the jar is in WEB-INF/lib (Servlet 6.1, 8.2.4).
 */
public final class HoldfastInitializer implements ServletContainerInitializer {
  private static final String FILTER_NAME = "holdfast";

  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
    context.addListener(new ContainerSessionAlarm());
    for (FilterRegistration declared : context.getFilterRegistrations().values()) {
      if (HoldfastFilter.class.getName().equals(declared.getClassName())) {
        return;
      }
    }
    FilterRegistration.Dynamic filter = context.addFilter(FILTER_NAME, HoldfastFilter.class);
    if (filter == null) {
      throw new IllegalStateException(
          "web.xml declares a filter named '"
              + FILTER_NAME
              + "' that is not "
              + HoldfastFilter.class.getName()
              + ", so Holdfast cannot add its own; rename that one or declare ours in web.xml");
    }
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
  }
}
