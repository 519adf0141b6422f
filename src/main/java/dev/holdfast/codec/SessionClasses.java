package dev.holdfast.codec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The values of the JDK and of widespread frameworks that stored bytes may name, read from {@code
 * session-classes.txt}, which says what is there, as of which version, and what is left out.
 */
final class SessionClasses {
  private static final String FILE = "session-classes.txt";

  /** Full class names. */
  static final Set<String> NAMES = read();

  private SessionClasses() {}

  private static Set<String> read() {
    try (InputStream in =
            Objects.requireNonNull(SessionClasses.class.getResourceAsStream(FILE), FILE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
