package dev.holdfast.config;

import java.util.regex.Pattern;

/**
 * A secret that goes into a header: the characters of a bearer token (RFC 6750, 2.1), and so many
 * of them that nobody guesses it.
 */
final class AdminTokenType implements ValueType<String> {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{32,1000}={0,2}");

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!TOKEN.matcher(text).matches()) {
      throw new InvalidValueException(
          "not such a token; write at least 32 letters, digits or any of . _ ~ + / -, for example"
              + " what openssl rand -hex 32 prints");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return "***";
  }

  @Override
  public String shown(String text) {
    return "***";
  }

  @Override
  public String allowed() {
    return "32 to 1,000 of `A-Z a-z 0-9 . _ ~ + / -`";
  }
}
