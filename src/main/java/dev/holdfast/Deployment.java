package dev.holdfast;

import dev.holdfast.api.HoldfastMetrics;
import dev.holdfast.config.MicrometerUse;
import dev.holdfast.config.Takeover;
import dev.holdfast.container.Answers;
import dev.holdfast.metrics.AppMeasurements;
import dev.holdfast.micrometer.Micrometer;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holdfast in one deployment of a web application, from the first check of its settings until it is
 * undeployed.
 *
 * <p>It starts in two steps. The settings are checked while deployment begins, when a fault stops
 * it on every container; later many containers serve an application whose filter has failed, or
 * initialise filters only at the first request. The rest starts once every context listener has had
 * its say on cookie, time-out and tracking modes, and the container has created the session
 * listeners: with the filter or, where filters come later, before the first servlet.
 *
 * <p>Where the jar's initializer does not run, in an embedded server, the filter takes both steps.
 */
final class Deployment implements ServletContextListener {
  private static final String ATTRIBUTE = Deployment.class.getName();

  /** A constant, which the compiler copies: the class cannot be loaded without Micrometer. */
  private static final String METERS = HoldfastMetrics.ATTRIBUTE;

  private final ServletContext context;
  private final Preparation preparation;
  private final AppMeasurements measurements;
  private final @Nullable Object meters;
  private final @Nullable HealthCheck health;
  private @Nullable Assembly assembly;
  private @Nullable RuntimeException failure;
  private boolean taken;
  private boolean closed;

  /**
   * @throws IllegalArgumentException when settings are wrong; the message lists all faults
   */
  private Deployment(ServletContext context, FilterDeclaration declaration) {
    this.context = context;
    this.preparation = Preparation.of(context, declaration);
    this.measurements = new AppMeasurements(preparation.settings().app(), preparation.metrics());
    this.health = HealthCheck.of(preparation);
    this.meters = Micrometer.binder(measurements);
    if (meters != null && context.getAttribute(METERS) == null) {
      context.setAttribute(METERS, meters);
    }
  }

  /**
   * Checks the settings and keeps what was built from them for the filter of this declaration.
   *
   * @throws IllegalArgumentException when settings are wrong; the message lists all faults
   */
  static Deployment begin(ServletContext context, FilterDeclaration declaration) {
    // Where no listener hears of its end, a deployment that failed half-way leaves one behind.
    if (context.getAttribute(ATTRIBUTE) instanceof Deployment failed) {
      failed.close();
    }
    Deployment begun = new Deployment(context, declaration);
    context.setAttribute(ATTRIBUTE, begun);
    return begun;
  }

  /**
   * The deployment that has begun for this filter, or a new one that belongs to the filter alone;
   * null when the filter is to do nothing, because the sessions are left to the container or
   * another filter counts in place of this one.
   */
  static @Nullable Deployment of(FilterConfig filter) {
    ServletContext context = filter.getServletContext();
    if (context.getAttribute(ATTRIBUTE) instanceof Deployment begun
        && begun.preparation.declaration().filterName().equals(filter.getFilterName())) {
      return begun;
    }
    FilterDeclaration declaration = FilterDeclaration.of(filter);
    return declaration != null && Preparation.isWanted(context, declaration)
        ? new Deployment(context, declaration)
        : null;
  }

  /** What tells a probe of this deployment; null when none is wanted. */
  @Nullable HealthCheck health() {
    return health;
  }

  private void become(HealthCheck.State state) {
    if (health != null) {
      health.become(state);
    }
  }

  /** Whose sessions go on with whom. */
  Takeover takeover() {
    return preparation.settings().takeover().mode();
  }

  /** Where the application has the admin view; null for nowhere. */
  @Nullable String adminPath() {
    return preparation.settings().admin().path();
  }

  /**
   * Whether the container initialises filters before it serves anything, and stops if one fails.
   */
  static boolean filtersComeFirst(ServletContext context) {
    return serverIs(context, "Apache Tomcat", "jetty");
  }

  /** Whether the container refuses requests when a filter has failed; others skip such a filter. */
  static boolean refusesWithoutFilter(ServletContext context) {
    return filtersComeFirst(context) || serverIs(context, "Undertow");
  }

  private static boolean serverIs(ServletContext context, String... names) {
    String server = Answers.or(context::getServerInfo, "");
    return Stream.of(names).anyMatch(server::startsWith);
  }

  /**
   * Assembles everything, prints the start-up report and starts the sweep, unless that has been
   * done.
   *
   * @throws RuntimeException when it cannot start; the same exception each time
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
        become(HealthCheck.State.FAILED);
        throw e;
      }
      running.sessions().publish(context);
      running.admin().publish(context);
      assembly = running;
      if (preparation.settings().monitoring().micrometer() == MicrometerUse.AUTO) {
        Micrometer.bindGlobally(measurements);
      }
      become(HealthCheck.State.RUNNING);
    }
    return running;
  }

  /** As {@link #start}, for a filter that calls {@link #close} when it is destroyed. */
  synchronized Assembly take() {
    Assembly running = start();
    taken = true;
    return running;
  }

  /**
   * Renames the container's own cookie if ours has its name: once the listeners have run, Undertow
   * allows no change.
   */
  @Override
  public void contextInitialized(ServletContextEvent event) {
    if (takeover() != Takeover.OUT) {
      preparation.cookie().leaveName();
    }
  }

  /** Closes what no filter will close, because none was initialised or the deployment failed. */
  @Override
  public synchronized void contextDestroyed(ServletContextEvent event) {
    if (!taken) {
      close();
    }
  }

  /** Closes what was started; a second call does nothing. */
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    become(HealthCheck.State.ENDING);
    measurements.measured().close();
    if (meters != null && context.getAttribute(METERS) == meters) {
      context.removeAttribute(METERS);
    }
    if (context.getAttribute(ATTRIBUTE) == this) {
      context.removeAttribute(ATTRIBUTE);
    }
    Assembly running = assembly;
    if (running != null) {
      running.sessions().withdraw(context);
      running.admin().withdraw(context);
      running.close();
    } else if (failure == null) {
      preparation.close();
    }
  }
}
