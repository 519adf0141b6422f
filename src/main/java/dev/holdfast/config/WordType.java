package dev.holdfast.config;

import java.util.regex.Pattern;

/** A name of letters, digits, underscores and dashes, which may stand in a cookie as it is. */
final class WordType implements ValueType<String> {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");

  private final int most;

  /**
   * @param most characters
   */
  WordType(int most) {
    this.most = most;
  }

  @Override
  public String parse(String text) throws InvalidValueException {
    if (text.length() > most || !WORD.matcher(text).matches()) {
      throw new InvalidValueException(
          "not a name; write 1 to " + most + " letters, digits, underscores or dashes");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return "1 to " + most + " of `A-Z a-z 0-9 _ -`";
  }
}
