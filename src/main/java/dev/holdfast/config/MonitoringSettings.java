package dev.holdfast.config;

import org.jspecify.annotations.Nullable;

/**
 * What is shown to those who watch over an application.
 *
 * @param micrometer {@code metrics.micrometer}
 * @param healthPath {@code health.path}: a path of the application; null for none
 */
public record MonitoringSettings(MicrometerUse micrometer, @Nullable String healthPath) {

  /** Declares these settings, and takes their values. */
  static MonitoringSettings read(SettingsReader reader) {
    return new MonitoringSettings(
        reader.declared(
            "metrics.micrometer",
            Group.RARE,
            new ChoiceType<>(MicrometerUse.class),
            "auto",
            "`auto` shows what is measured in Micrometer's global registry, where the application"
                + " or the server brings Micrometer; `off` does not."),
        reader.given(
            "health.path",
            Group.FREQUENT,
            new PathType("/holdfast/health"),
            "none",
            "A path of the application, such as `/holdfast/health`, at which Holdfast tells a probe"
                + " whether sessions can be served: 200, or 503 while Redis does not answer."));
  }
}
