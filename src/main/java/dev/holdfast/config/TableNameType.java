package dev.holdfast.config;

import java.util.regex.Pattern;

/** The name of a database table; it goes into SQL as it is, so it is a plain one. */
final class TableNameType implements ValueType<String> {
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,29}\\.)?[A-Za-z_][A-Za-z0-9_]{0,29}");

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!NAME.matcher(text).matches()) {
      throw new InvalidValueException(
          "not a plain table name; write up to 30 letters, digits or underscores, with the schema"
              + " and a dot before it if need be");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return "a name, or `schema.name`";
  }
}
