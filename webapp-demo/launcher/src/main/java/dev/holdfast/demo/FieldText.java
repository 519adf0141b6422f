package dev.holdfast.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the bytes of a field into words that fit a line. */
final class FieldText {
  private static final int PREVIEW_CHARACTERS = 80;
  private static final int PREVIEW_BYTES = 8;

  /** What the library keeps of a session beside its attributes. */
  private static final Map<String, String> MEANINGS =
      Map.of(
          "m:h", "SHA-256 of the secret",
          "m:v", "stamp of the content",
          "m:s", "stamp at creation",
          "m:x", "times",
          "m:c", "created",
          "m:p", "previous secret, hashed",
          "m:u", "login kept by the library");

  /** End, last access, idle seconds, epoch and perhaps an absolute end. */
  private static final Pattern TIMES =
      Pattern.compile("(\\d{13}) (\\d{13}) (-?\\d+) (\\d+)( \\d{13})?");

  private FieldText() {}

  /** What a field of metadata is for, or nothing when that is not known here. */
  static String meaning(String field) {
    return field.startsWith("r:") ? "stamp of its last write" : MEANINGS.getOrDefault(field, "");
  }

  /**
   * Numbers and text as they are, other metadata as hex, attributes with what can be read of them.
   */
  static String preview(String field, byte[] value) {
    boolean text = value.length > 0;
    for (byte b : value) {
      text &= b >= ' ' && b < 0x7f;
    }
    if (!text && !field.startsWith("a:")) {
      return hex(value);
    }
    String written = new String(value, StandardCharsets.ISO_8859_1);
    if (field.equals("m:c") && written.matches("\\d{13}")) {
      return clock(written);
    }
    Matcher times = TIMES.matcher(written);
    if (field.equals("m:x") && times.matches()) {
      return "until %s, last access %s, idle %s s, epoch %s"
          .formatted(clock(times.group(1)), clock(times.group(2)), times.group(3), times.group(4));
    }
    String readable = text ? written : words(value);
    if (readable.chars().filter(Character::isLetterOrDigit).count() < 3) {
      return hex(value);
    }
    return readable.length() > PREVIEW_CHARACTERS
        ? readable.substring(0, PREVIEW_CHARACTERS) + "…"
        : readable;
  }

  private static String hex(byte[] value) {
    String hex = HexFormat.of().formatHex(value, 0, Math.min(value.length, PREVIEW_BYTES));
    return value.length > PREVIEW_BYTES ? hex + "…" : hex;
  }

  /** The runs of ASCII; Kryo marks the last character of such a string by its highest bit. */
  private static String words(byte[] value) {
    StringBuilder words = new StringBuilder();
    int run = 0;
    for (byte b : value) {
      int low = b & 0x7f;
      boolean printable = low >= ' ' && low < 0x7f;
      if (b == low && printable) {
        words.append((char) low);
        run++;
      } else {
        if (run > 1 && printable) {
          words.append((char) low);
        }
        if (!words.isEmpty() && words.charAt(words.length() - 1) != '·') {
          words.append('·');
        }
        run = 0;
      }
    }
    return words.toString();
  }

  private static String clock(String millis) {
    return DateTimeFormatter.ofPattern("HH:mm:ss")
        .withZone(ZoneId.systemDefault())
        .format(Instant.ofEpochMilli(Long.parseLong(millis)));
  }

  static String printable(String name) {
    String visible = name.replaceAll("\\p{Cntrl}", "·");
    return visible.length() > 60 ? visible.substring(0, 60) + "…" : visible;
  }

  static int length(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  static String size(long bytes) {
    return bytes < 10_000
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.1f KB", bytes / 1_000.0);
  }

  static String duration(long millis) {
    if (millis < 0) {
      return "no limit";
    }
    Duration left = Duration.ofMillis(millis);
    return left.toHours() > 0
        ? "%d h %02d min".formatted(left.toHours(), left.toMinutesPart())
        : "%d min %02d s".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
