package dev.holdfast.admin;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names stand for values that nobody is shown: {@code admin.mask}. */
final class Mask {
  private final Pattern names;

  /**
   * @param patterns {@code *} in one stands for any text
   */
  Mask(Set<String> patterns) {
    String any =
        patterns.stream()
            .map(pattern -> pattern.split("\\*", -1))
            .map(parts -> Arrays.stream(parts).map(Pattern::quote).collect(joining(".*")))
            .collect(joining("|"));
    names = Pattern.compile(any, Pattern.DOTALL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  boolean hides(String name) {
    return names.matcher(name).matches();
  }
}
