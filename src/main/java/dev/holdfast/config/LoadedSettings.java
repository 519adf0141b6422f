package dev.holdfast.config;

import java.util.List;

/**
 * Settings together with where they came from.
 *
 * @param settings checked
 * @param report what is not left to its default, in the order of the documentation
 */
public record LoadedSettings(Settings settings, List<WrittenSetting> report) {

  public LoadedSettings {
    report = List.copyOf(report);
  }
}
