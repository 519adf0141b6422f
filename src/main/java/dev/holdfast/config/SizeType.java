package dev.holdfast.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes: {@code 64MB}, {@code 512KB}, {@code 1GB} (powers of 1024) or a plain number.
 */
final class SizeType implements ValueType<Long> {
  static final long GIGABYTE = 1L << 30;
  static final long TERABYTE = 1L << 40;

  private static final Pattern SIZE = Pattern.compile("(-?\\d{1,15})\\s*(b|kb|mb|gb)?");
  private static final long KB = 1024;
  private static final long MB = 1024 * KB;
  private static final long GB = 1024 * MB;

  private final long min;
  private final long max;

  /**
   * @param min bytes, inclusive
   * @param max bytes, inclusive
   */
  SizeType(long min, long max) {
    this.min = min;
    this.max = max;
  }

  @Override
  public Long parse(String text) throws InvalidValueException {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new InvalidValueException(
          "not a size; write a number and its unit, like 64MB or 512KB, or plain bytes");
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "b" : matcher.group(2);
    long factor =
        switch (unit) {
          case "kb" -> KB;
          case "mb" -> MB;
          case "gb" -> GB;
          default -> 1;
        };
    if (number < min || number > max / factor) {
      throw new InvalidValueException("out of range, must be from " + min + " to " + format(max));
    }
    return number * factor;
  }

  @Override
  public String format(Long value) {
    if (value == 0 || value % KB != 0) {
      return Long.toString(value);
    }
    if (value % GB == 0) {
      return value / GB + "GB";
    }
    return value % MB == 0 ? value / MB + "MB" : value / KB + "KB";
  }

  @Override
  public String allowed() {
    return min + " to " + format(max);
  }
}
