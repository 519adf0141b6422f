package dev.holdfast.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings together with where they came from.
 *
 * @param settings checked
 * @param report what is not left to its default, in the order of the documentation
 * @param shared the values, by name, of the settings on which all nodes of the application have to
 *     agree, defaults included, as another node may be told them: without secrets
 */
public record LoadedSettings(
    Settings settings, List<WrittenSetting> report, Map<String, String> shared) {

  public LoadedSettings {
    report = List.copyOf(report);
    shared = Collections.unmodifiableMap(new TreeMap<>(shared));
  }
}
