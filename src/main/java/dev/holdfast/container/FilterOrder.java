package dev.holdfast.container;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Which filters come before ours. The order in web.xml does not tell: code may have added a filter
 * before all of those ({@code isMatchAfter} false, Servlet 6.1, 4.4.2.3).
 */
public final class FilterOrder {
  private static final List<String> CONTAINERS =
      List.of("org.apache.catalina.", "org.apache.tomcat.", "org.eclipse.jetty.");

  private FilterOrder() {}

  /**
   * Names of the application's filters that are mapped before this one, as far as Tomcat or Jetty
   * tell; elsewhere none. Works once the filters are initialised.
   */
  public static List<String> before(ServletContext context, String filter) {
    List<String> before = new ArrayList<>();
    try {
      for (Object mapping : mappings(context)) {
        String name = (String) Reflection.call(mapping, "getFilterName");
        if (name.equals(filter)) {
          return before;
        }
        FilterRegistration registration = context.getFilterRegistration(name);
        String type = registration == null ? null : registration.getClassName();
        if (type != null
            && CONTAINERS.stream().noneMatch(type::startsWith)
            && !before.contains(name)) {
          before.add(name);
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another container, or one that does not tell.
    }
    return List.of();
  }

  private static Object[] mappings(ServletContext context) throws ReflectiveOperationException {
    try {
      Object standard = Reflection.tomcatContext(context);
      return (Object[]) Reflection.call(standard, "findFilterMaps");
    } catch (NoSuchFieldException e) {
      Object handler = Reflection.call(context, "getContextHandler");
      return (Object[])
          Reflection.call(Reflection.call(handler, "getServletHandler"), "getFilterMappings");
    }
  }
}
