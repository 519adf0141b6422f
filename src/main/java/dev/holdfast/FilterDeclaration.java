package dev.holdfast;

import dev.holdfast.container.Answers;
import dev.holdfast.container.DeclaredFilter;
import dev.holdfast.container.DeploymentDescriptor;
import dev.holdfast.container.ServerDescriptor;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where our filter is declared for an application: in its own web.xml, in that of the server for
 * all applications, or nowhere, so that {@link HoldfastInitializer} adds it. The filter that the
 * application declares takes the place of the server's, whose settings stay those for all.
 *
 * @param filterName the name of the one filter that works
 * @param initParams settings of this application
 * @param serverInitParams settings of all applications
 * @param byServer whether the filter is the server's
 */
record FilterDeclaration(
    String filterName,
    Map<String, String> initParams,
    Map<String, String> serverInitParams,
    boolean byServer) {
  private static final String FILTER = HoldfastFilter.class.getName();

  FilterDeclaration {
    initParams = Map.copyOf(initParams);
    serverInitParams = Map.copyOf(serverInitParams);
  }

  /** For a filter that no web.xml declares. */
  static FilterDeclaration none(String filterName) {
    return new FilterDeclaration(filterName, Map.of(), Map.of(), false);
  }

  /**
   * The declaration that counts; null when there is none.
   *
   * @throws IllegalStateException when there are more
   */
  static @Nullable FilterDeclaration in(ServletContext context) {
    Declared declared = Declared.in(context);
    List<FilterRegistration> counting = declared.counting();
    if (counting.size() > 1) {
      throw new IllegalStateException(
          "web.xml declares "
              + FILTER
              + " more than once, as "
              + String.join(", ", counting.stream().map(FilterRegistration::getName).toList())
              + "; keep one <filter> and give it all mappings");
    }
    return counting.isEmpty()
        ? null
        : declared.as(counting.get(0).getName(), counting.get(0).getInitParameters());
  }

  /**
   * The declaration of a filter that is being initialised; null when it is the server's and the
   * application has one of its own.
   */
  static @Nullable FilterDeclaration of(FilterConfig filter) {
    Declared declared = Declared.in(filter.getServletContext());
    String name = filter.getFilterName();
    if (declared.isServers(name)
        && declared.counting().stream().noneMatch(other -> name.equals(other.getName()))) {
      return null;
    }
    Map<String, String> initParams =
        Collections.list(filter.getInitParameterNames()).stream()
            .collect(Collectors.toMap(Function.identity(), filter::getInitParameter));
    return declared.as(name, initParams);
  }

  /**
   * All declarations of our filter.
   *
   * @param filters the filters, by name
   * @param servers names that the server's web.xml has
   * @param applications what the application's web.xml has, if the server's has any
   */
  private record Declared(
      Map<String, FilterRegistration> filters,
      Set<String> servers,
      Map<String, DeclaredFilter> applications) {

    static Declared in(ServletContext context) {
      Map<String, FilterRegistration> ours = new TreeMap<>();
      Answers.or(context::getFilterRegistrations, Map.<String, FilterRegistration>of())
          .forEach(
              (name, filter) -> {
                if (FILTER.equals(filter.getClassName())) {
                  ours.put(name, filter);
                }
              });
      Set<String> servers = ours.isEmpty() ? Set.of() : ServerDescriptor.filters(context, FILTER);
      return new Declared(
          ours,
          servers,
          servers.isEmpty() ? Map.of() : DeploymentDescriptor.read(context).filters());
    }

    /** Whether the server alone declares the filter of this name. */
    boolean isServers(String name) {
      return servers.contains(name) && !applications.containsKey(name);
    }

    /** The application's, or else the server's. */
    List<FilterRegistration> counting() {
      List<FilterRegistration> own =
          filters.values().stream().filter(filter -> !isServers(filter.getName())).toList();
      return own.isEmpty() ? List.copyOf(filters.values()) : own;
    }

    /**
     * One of these declarations.
     *
     * @param initParams the filter's; under one name Tomcat gives it what both web.xml say
     */
    FilterDeclaration as(String name, Map<String, String> initParams) {
      Map<String, String> own = new HashMap<>(initParams);
      Map<String, String> all = new HashMap<>();
      for (FilterRegistration filter : filters.values()) {
        if (isServers(filter.getName())) {
          all.putAll(filter.getInitParameters());
        }
      }
      if (servers.contains(name)) {
        DeclaredFilter application = applications.get(name);
        own.keySet().retainAll(application == null ? Set.of() : application.initParams());
        all.putAll(initParams);
        all.keySet().removeAll(own.keySet());
      }
      return new FilterDeclaration(name, own, all, isServers(name));
    }
  }

  /**
   * Has the server's filter come before those of the application, on every kind of dispatch. Tomcat
   * maps it behind them, and lets it run once for each dispatch however often it is mapped.
   */
  void putFirst(ServletContext context) {
    FilterRegistration filter = context.getFilterRegistration(filterName);
    EnumSet<DispatcherType> all = EnumSet.allOf(DispatcherType.class);
    String[] paths = filter.getUrlPatternMappings().toArray(String[]::new);
    String[] servlets = filter.getServletNameMappings().toArray(String[]::new);
    if (paths.length > 0) {
      filter.addMappingForUrlPatterns(all, false, paths);
    }
    if (servlets.length > 0) {
      filter.addMappingForServletNames(all, false, servlets);
    }
  }
}
