package dev.holdfast.config;

import java.util.regex.Pattern;

/** A whole number in a range. */
final class CountType implements ValueType<Integer> {

  private static final Pattern NUMBER = Pattern.compile("-?\\d+");

  private final int min;
  private final int max;

  /**
   * @param min inclusive
   * @param max inclusive
   */
  CountType(int min, int max) {
    this.min = min;
    this.max = max;
  }

  @Override
  public Integer parse(String text) throws InvalidValueException {
    if (!NUMBER.matcher(text).matches()) {
      throw new InvalidValueException("not a whole number; write one from " + range());
    }
    if (text.length() > 11 || Long.parseLong(text) < min || Long.parseLong(text) > max) {
      throw new InvalidValueException("out of range, must be from " + range());
    }
    return Integer.valueOf(text);
  }

  @Override
  public String format(Integer value) {
    return value.toString();
  }

  @Override
  public String allowed() {
    return range();
  }

  private String range() {
    return min + " to " + max;
  }
}
