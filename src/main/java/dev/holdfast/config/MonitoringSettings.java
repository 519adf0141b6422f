package dev.holdfast.config;

/**
 * What is shown to those who watch over an application.
 *
 * @param micrometer {@code metrics.micrometer}
 */
public record MonitoringSettings(MicrometerUse micrometer) {

  /** Declares these settings, and takes their values. */
  static MonitoringSettings read(SettingsReader reader) {
    return new MonitoringSettings(
        reader.declared(
            "metrics.micrometer",
            Group.RARE,
            new ChoiceType<>(MicrometerUse.class),
            "auto",
            "`auto` shows what is measured in Micrometer's global registry, where the application"
                + " or the server brings Micrometer; `off` only in the MBean."));
  }
}
