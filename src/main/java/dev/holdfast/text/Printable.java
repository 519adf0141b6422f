package dev.holdfast.text;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Text from outside, made fit for one line of a log or a message: attribute and user names, header
 * values, URLs, class names, what a setting says. Whoever chose the text cannot begin a line, hide
 * what follows, turn its direction around or send a terminal a command.
 */
public final class Printable {
  private static final int MAX = 200;
  private static final int MAX_MESSAGE = 4_000;
  private static final HexFormat HEX = HexFormat.of();

  private Printable() {}

  /**
   * The first {@value #MAX} code points. What is not visible is replaced by its Java escape:
   * control and format characters (those of bidirectional text are among them), line separators,
   * any space but U+0020, lone surrogates, private and unassigned code points.
   */
  public static String of(String text) {
    return of(text, MAX);
  }

  /**
   * The same for a whole sentence, which may quote text from outside: the first {@value
   * #MAX_MESSAGE} code points; "null" for null.
   */
  public static String message(@Nullable String text) {
    return of(String.valueOf(text), MAX_MESSAGE);
  }

  /** The same, but of the first {@code max} code points. */
  public static String of(String text, int max) {
    StringBuilder safe = new StringBuilder(Math.min(text.length(), max) + 16);
    text.codePoints()
        .limit(max)
        .forEach(
            point -> {
              if (isVisible(point)) {
                safe.appendCodePoint(point);
              } else {
                escape(safe, point);
              }
            });
    return text.codePointCount(0, text.length()) > max
        ? safe.append("...").toString()
        : safe.toString();
  }

  /**
   * About {@code max} characters of ASCII; everything else, and each backslash, is replaced by its
   * Java escape.
   */
  public static String ascii(String text, int max) {
    StringBuilder safe = new StringBuilder(Math.min(text.length(), max) + 16);
    for (int i = 0; i < text.length() && safe.length() < max; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        safe.append("\\\\");
      } else if (c >= ' ' && c < 0x7f) {
        safe.append(c);
      } else {
        escape(safe, c);
      }
    }
    return safe.length() >= max ? safe.append("...").toString() : safe.toString();
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }

  private static void escape(StringBuilder safe, int point) {
    for (char c : Character.toChars(point)) {
      safe.append("\\u").append(HEX.toHexDigits(c));
    }
  }
}
