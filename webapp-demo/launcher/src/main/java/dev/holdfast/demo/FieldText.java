package dev.holdfast.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** Puts the bytes of a field into words that fit a line. */
final class FieldText {
  private static final int PREVIEW_CHARACTERS = 96;
  private static final int PREVIEW_BYTES = 12;

  private static final Map<String, String> MEANINGS =
      Map.of("m:h", "SHA-256 of the secret", "m:v", "stamp of the content");

  private FieldText() {}

  /** What a field of metadata is for, or nothing when that is not known here. */
  static String meaning(String field) {
    return MEANINGS.getOrDefault(field, "");
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
      String hex = HexFormat.of().formatHex(value, 0, Math.min(value.length, PREVIEW_BYTES));
      return value.length > PREVIEW_BYTES ? hex + "…" : hex;
    }
    String readable = new String(value, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]+", "·");
    return readable.length() > PREVIEW_CHARACTERS
        ? readable.substring(0, PREVIEW_CHARACTERS) + "…"
        : readable;
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
