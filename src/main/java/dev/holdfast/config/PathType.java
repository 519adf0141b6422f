package dev.holdfast.config;

import java.util.regex.Pattern;

/** A path of the application, below its context path; plain enough for every URL. */
final class PathType implements ValueType<String> {
  private static final Pattern PATH =
      Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}){1,8}");
  private static final Pattern RESERVED = Pattern.compile("/(?i:WEB-INF|META-INF)(?:/.*)?");

  private final String example;

  PathType(String example) {
    this.example = example;
  }

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!PATH.matcher(text).matches() || RESERVED.matcher(text).matches()) {
      throw new InvalidValueException(
          "not such a path; write one like "
              + example
              + ": a slash and a name of letters, digits, dots, underscores, tildes or dashes; no"
              + " slash at the end");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return "a path like `" + example + "`";
  }
}
