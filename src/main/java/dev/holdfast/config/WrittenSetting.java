package dev.holdfast.config;

/**
 * A setting that is not left to its default: one line of the start-up report.
 *
 * @param name of the setting
 * @param value as an administrator would write it, credentials hidden
 * @param source that decided it, as in {@link Source#name()}
 */
public record WrittenSetting(String name, String value, String source) {

  /** For example {@code redis.timeout = 2s (environment)}. */
  @Override
  public String toString() {
    return name + " = " + value + " (" + source + ")";
  }
}
