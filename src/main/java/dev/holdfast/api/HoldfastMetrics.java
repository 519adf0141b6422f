package dev.holdfast.api;

import dev.holdfast.text.Loggers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Shows what Holdfast measures in a registry of the application's own: {@code new
 * HoldfastMetrics(servletContext).bindTo(registry)}. Needless for {@code Metrics.globalRegistry}
 * and for a registry that was added to it: those have it by default ({@code
 * metrics.micrometer=auto}).
 *
 * <p>Needs Micrometer on the application's class path. The meters are removed from the registry
 * when the application is undeployed.
 */
public final class HoldfastMetrics implements MeterBinder {
  /** The attribute of the context that holds the binder, while Holdfast keeps the sessions. */
  public static final String ATTRIBUTE = "dev.holdfast.meters";

  private static final Logger LOG = Loggers.of(HoldfastMetrics.class);

  private final ServletContext context;

  /**
   * @param context of the application. Its measurements are there before its first listener is
   *     called; in an embedded server that runs no {@code ServletContainerInitializer}, when the
   *     filter has been initialised
   */
  public HoldfastMetrics(ServletContext context) {
    this.context = context;
  }

  /**
   * Registers all meters, each with the tag {@code app}. If Holdfast does not keep the sessions,
   * for instance because {@code enabled=false}, there are none, and the log says so.
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    if (context.getAttribute(ATTRIBUTE) instanceof MeterBinder binder) {
      binder.bindTo(registry);
    } else {
      LOG.log(
          Level.WARNING,
          "No registry shows what Holdfast measures in {0}: it does not keep the sessions there"
              + " (enabled=false, or no filter), or not yet",
          context.getContextPath());
    }
  }
}
