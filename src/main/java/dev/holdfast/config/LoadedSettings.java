package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings together with where they came from.
 *
 * @param settings checked
 * @param sources name of a setting to the name of the source that decided it, for every setting
 *     that is not left to its default, in the order of the documentation
 */
public record LoadedSettings(Settings settings, Map<String, String> sources) {

  public LoadedSettings {
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
  }

  /**
   * One line of the start-up report.
   *
   * @param name of the setting
   * @param value as one would write it, credentials hidden
   * @param source as in {@link Source#name()}
   */
  public record Line(String name, String value, String source) {

    /** For example {@code redis.timeout = 2s (environment)}. */
    @Override
    public String toString() {
      return name + " = " + value + " (" + source + ")";
    }
  }

  /** Every setting that is not left to its default, in the order of the documentation. */
  public List<Line> report() {
    List<Line> lines = new ArrayList<>();
    for (Setting<?> setting : Catalogue.ALL) {
      String source = sources.get(setting.name());
      if (source != null) {
        lines.add(new Line(setting.name(), Printable.of(setting.formatted(settings)), source));
      }
    }
    return lines;
  }
}
