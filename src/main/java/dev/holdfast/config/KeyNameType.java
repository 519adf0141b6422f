package dev.holdfast.config;

import java.util.regex.Pattern;

/**
 * A part of a Redis key: short, and without characters that mean something in a key or in an ACL
 * pattern.
 */
final class KeyNameType implements ValueType<String> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  static boolean isValid(String text) {
    return NAME.matcher(text).matches();
  }

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!isValid(text)) {
      throw new InvalidValueException(
          "not a name; write 1 to 64 letters, digits, dots, underscores or dashes");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return "1 to 64 of `A-Z a-z 0-9 . _ -`";
  }
}
