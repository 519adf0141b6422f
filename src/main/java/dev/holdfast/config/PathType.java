package dev.holdfast.config;

import dev.holdfast.text.Printable;
import java.util.regex.Pattern;

/** One path of the application, below its context path and without wildcards. */
final class PathType implements ValueType<String> {
  private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!PATH.matcher(text).matches()) {
      throw new InvalidValueException(
          "\"" + Printable.of(text) + "\" is no path of the application; write " + allowed());
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return "a path like `/holdfast/health`, of letters, digits, `.`, `_`, `~`, `-`";
  }
}
