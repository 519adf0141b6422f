package dev.holdfast.config;

import java.time.Duration;

/** A {@link DurationType} that may be {@code none}, which is zero. */
final class OptionalDurationType implements ValueType<Duration> {
  private static final String NONE = "none";

  private final DurationType some;

  /**
   * @param some what it is if it is not none; must not allow zero
   */
  OptionalDurationType(DurationType some) {
    this.some = some;
  }

  @Override
  public Duration parse(String text) throws InvalidValueException {
    return text.equalsIgnoreCase(NONE) ? Duration.ZERO : some.parse(text);
  }

  @Override
  public String format(Duration value) {
    return value.isZero() ? NONE : some.format(value);
  }

  @Override
  public String allowed() {
    return "`" + NONE + "` or " + some.allowed();
  }
}
