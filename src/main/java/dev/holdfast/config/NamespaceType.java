package dev.holdfast.config;

import java.util.regex.Pattern;

/** The first part of keys that another library writes to Redis. */
final class NamespaceType implements ValueType<String> {
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9:._-]{1,128}");

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!NAMESPACE.matcher(text).matches()) {
      throw new InvalidValueException(
          "not such a name; write 1 to 128 letters, digits, colons, dots, underscores or dashes");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return "1 to 128 of `A-Z a-z 0-9 : . _ -`";
  }
}
