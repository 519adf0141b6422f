package dev.holdfast.doctor;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which server it is.
 *
 * @param product {@code Redis} or {@code Valkey}
 */
record ServerVersion(String product, int major, int minor, int patch)
    implements Comparable<ServerVersion> {
  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,5})\\.(\\d{1,5})(?:\\.(\\d{1,5}))?.*");
  static final String REDIS = "Redis";
  static final String VALKEY = "Valkey";

  /** Null when the text is no version. */
  static @Nullable ServerVersion of(String product, @Nullable String text) {
    Matcher numbers = NUMBERS.matcher(text == null ? "" : text);
    if (!numbers.matches()) {
      return null;
    }
    String patch = numbers.group(3);
    return new ServerVersion(
        product,
        Integer.parseInt(numbers.group(1)),
        Integer.parseInt(numbers.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  static ServerVersion parse(String product, String text) {
    ServerVersion version = of(product, text);
    if (version == null) {
      throw new IllegalArgumentException(text + " is no version");
    }
    return version;
  }

  boolean isSameLine(ServerVersion other) {
    return major == other.major && minor == other.minor;
  }

  @Override
  public int compareTo(ServerVersion other) {
    return Arrays.compare(
        new int[] {major, minor, patch}, new int[] {other.major, other.minor, other.patch});
  }

  String numbers() {
    return major + "." + minor + "." + patch;
  }

  @Override
  public String toString() {
    return product + " " + numbers();
  }
}
