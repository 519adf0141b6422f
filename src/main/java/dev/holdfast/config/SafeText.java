package dev.holdfast.config;

/**
 * Text that somebody wrote, made fit for one line of a message: no control characters, not too
 * long.
 */
final class SafeText {

  private static final int MAX = 200;

  private SafeText() {}

  static String of(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .limit(MAX)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                safe.append(String.format("\\u%04x", c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return text.codePointCount(0, text.length()) > MAX
        ? safe.append("...").toString()
        : safe.toString();
  }
}
