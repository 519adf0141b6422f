package dev.holdfast.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time with its unit: {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h} or ISO 8601. */
final class DurationType implements ValueType<Duration> {
  static final Duration MILLISECOND = Duration.ofMillis(1);
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final Duration HOUR = Duration.ofHours(1);
  static final Duration YEAR = Duration.ofDays(365);

  private static final Pattern WITH_UNIT = Pattern.compile("(-?\\d{1,18})\\s*(ms|s|m|h)");
  private static final Pattern BARE = Pattern.compile("-?\\d+");
  private static final String SYNTAX = "write a number and its unit, like 500ms, 2s, 5m or 1h";

  private final Duration min;
  private final Duration max;
  private final Duration step;

  /**
   * @param step every value is a multiple of it
   */
  DurationType(Duration min, Duration max, Duration step) {
    this.min = min;
    this.max = max;
    this.step = step;
  }

  @Override
  public Duration parse(String text) throws InvalidValueException {
    Duration duration = read(text);
    if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw new InvalidValueException(
          "out of range, must be from " + format(min) + " to " + format(max));
    }
    if (!duration.equals(step.multipliedBy(duration.dividedBy(step)))) {
      throw new InvalidValueException("too fine, must be a multiple of " + format(step));
    }
    return duration;
  }

  private static Duration read(String text) throws InvalidValueException {
    String lower = text.toLowerCase(Locale.ROOT);
    Matcher matcher = WITH_UNIT.matcher(lower);
    try {
      if (matcher.matches()) {
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
      }
      if (lower.startsWith("p")) {
        return Duration.parse(text);
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new InvalidValueException("not a duration; " + SYNTAX);
    }
    if (BARE.matcher(text).matches()) {
      String number = text.length() > 18 ? "1" : text;
      throw new InvalidValueException(
          "the unit is missing, did you mean " + number + "s or " + number + "ms?");
    }
    throw new InvalidValueException("not a duration; " + SYNTAX);
  }

  @Override
  public String format(Duration value) {
    if (value.toNanosPart() % 1_000_000 != 0) {
      return value.toString();
    }
    long millis = value.toMillis();
    if (millis % 1000 != 0 || millis == 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  @Override
  public String allowed() {
    String range = format(min) + " to " + format(max);
    return step.equals(Duration.ofSeconds(1)) ? range + ", whole seconds" : range;
  }
}
