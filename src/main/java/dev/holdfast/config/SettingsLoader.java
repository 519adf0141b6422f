package dev.holdfast.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads every setting from its sources.
 *
 * <p>All sources are checked in full, including what a stronger source overrides: a typing error is
 * reported now and not on the day on which the override goes away. Everything is read before
 * anything is decided, so that one message names all faults.
 */
public final class SettingsLoader {
  private SettingsLoader() {}

  /**
   * Whether Holdfast is to keep the sessions: the setting {@code enabled}. A value that is neither
   * true nor false counts as yes, and {@link #load} names the fault.
   *
   * @param sources strongest first
   */
  public static boolean isEnabled(List<Source> sources) {
    return Settings.enabled(new SettingsReader(sources)) == Enabled.TRUE;
  }

  /**
   * Reads and checks everything, for an application of the container's only host.
   *
   * @param sources strongest first
   * @param contextPath as {@code ServletContext.getContextPath()} gives it; decides the default of
   *     {@code app}
   * @throws ConfigurationException as {@link #load(List, String, String)}
   */
  public static LoadedSettings load(List<Source> sources, String contextPath) {
    return load(sources, null, contextPath);
  }

  /**
   * Reads and checks everything.
   *
   * @param sources strongest first
   * @param virtualServer as {@code ServletContext.getVirtualServerName()} gives it; with the
   *     context path it decides the default of {@code app}
   * @param contextPath as {@code ServletContext.getContextPath()} gives it
   * @throws ConfigurationException if a setting is unknown, malformed, out of range, written twice
   *     in one source, or missing; names all such faults
   */
  public static LoadedSettings load(
      List<Source> sources, @Nullable String virtualServer, String contextPath) {
    SettingsReader reader = new SettingsReader(sources);
    Settings settings = Settings.read(reader, new DefaultApp(virtualServer, contextPath));
    List<String> faults = reader.faults();
    if (!faults.isEmpty()) {
      throw new ConfigurationException(faults, null);
    }
    return new LoadedSettings(settings, reader.written(), reader.compared());
  }
}
