package dev.holdfast;

import dev.holdfast.servlet.Answers;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Collections;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holdfast in one deployment of a web application, from the first check of its settings until it is
 * undeployed.
 *
 * <p>Two steps, because of what can be known when. The settings are checked while deployment
 * begins, where a fault stops it on every container; many serve an application whose filter has
 * failed, or initialise filters at the first request. The rest starts when every listener of the
 * context has had its say on cookie, time-out and tracking, and the container has made the
 * listeners of sessions: with the filter, or before the first servlet where filters come later.
 *
 * <p>Where the jar's initializer does not run, beside an embedded server, both steps are the
 * filter's.
 */
final class Deployment implements ServletContextListener {
  private static final String ATTRIBUTE = Deployment.class.getName();

  private final ServletContext context;
  private final String filterName;
  private final Preparation preparation;
  private @Nullable Assembly assembly;
  private @Nullable RuntimeException failure;
  private boolean taken;
  private boolean closed;

  private Deployment(ServletContext context, String filterName, Preparation preparation) {
    this.context = context;
    this.filterName = filterName;
    this.preparation = preparation;
  }

  /**
   * Checks the settings and keeps what was made of them for the filter of this name.
   *
   * @throws IllegalArgumentException when settings are wrong; the message lists all faults
   */
  static Deployment begin(
      ServletContext context, String filterName, Map<String, String> initParams) {
    // A deployment that failed half-way leaves one behind where no listener is told of the end.
    if (context.getAttribute(ATTRIBUTE) instanceof Deployment failed) {
      failed.close();
    }
    Deployment begun = new Deployment(context, filterName, Preparation.of(context, initParams));
    context.setAttribute(ATTRIBUTE, begun);
    return begun;
  }

  /** The one that has begun for this filter, or a new one that is the filter's alone. */
  static Deployment of(FilterConfig filter) {
    ServletContext context = filter.getServletContext();
    if (context.getAttribute(ATTRIBUTE) instanceof Deployment begun
        && begun.filterName.equals(filter.getFilterName())) {
      return begun;
    }
    Map<String, String> initParams =
        Collections.list(filter.getInitParameterNames()).stream()
            .collect(Collectors.toMap(Function.identity(), filter::getInitParameter));
    return new Deployment(context, filter.getFilterName(), Preparation.of(context, initParams));
  }

  /** Whether filters are initialised before anything is served, and a failure stops all. */
  static boolean filtersComeFirst(ServletContext context) {
    return serverIs(context, "Apache Tomcat", "jetty");
  }

  /** Whether a request is refused when its filter has failed: others leave such a filter out. */
  static boolean refusesWithoutFilter(ServletContext context) {
    return filtersComeFirst(context) || serverIs(context, "Undertow");
  }

  private static boolean serverIs(ServletContext context, String... names) {
    String server = Answers.or(context::getServerInfo, "");
    return Stream.of(names).anyMatch(server::startsWith);
  }

  /**
   * Assembles everything, prints the start-up report and starts the sweep, unless that is done.
   *
   * @throws RuntimeException why this is impossible; the same each time
   */
  synchronized Assembly start() {
    if (closed) {
      throw new IllegalStateException("the application is being undeployed");
    }
    RuntimeException before = failure;
    if (before != null) {
      throw before;
    }
    Assembly running = assembly;
    if (running == null) {
      try {
        running = Assembly.of(preparation);
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
      running.sessions().publish(context);
      assembly = running;
    }
    return running;
  }

  /** What {@link #start} gives, for a filter that will {@link #close} it when it is destroyed. */
  synchronized Assembly take() {
    Assembly running = start();
    taken = true;
    return running;
  }

  /** Undertow lets nobody change the name when the listeners have run. */
  @Override
  public void contextInitialized(ServletContextEvent event) {
    preparation.cookie().leaveName();
  }

  /** Closes what no filter will close: it was never initialised, or deployment has failed. */
  @Override
  public synchronized void contextDestroyed(ServletContextEvent event) {
    if (!taken) {
      close();
    }
  }

  /** Closes what was made, once. */
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (context.getAttribute(ATTRIBUTE) == this) {
      context.removeAttribute(ATTRIBUTE);
    }
    Assembly running = assembly;
    if (running != null) {
      running.sessions().withdraw(context);
      running.close();
    } else if (failure == null) {
      preparation.close();
    }
  }
}
