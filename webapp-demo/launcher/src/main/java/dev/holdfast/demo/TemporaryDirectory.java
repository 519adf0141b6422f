package dev.holdfast.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one directory in which everything lies that the demo writes: Redis's files and the unpacked
 * WARs.
 */
final class TemporaryDirectory {
  static final String PREFIX = "holdfast-demo-";

  private TemporaryDirectory() {}

  static Path create() throws IOException {
    return Files.createTempDirectory(PREFIX);
  }

  /**
   * Deletes it with all that is in it. What somebody else is just deleting or writing is left to
   * them.
   */
  static void delete(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException | UncheckedIOException e) {
      return;
    }
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // The next one; the guard process or another node has its hands on this one.
      }
    }
  }
}
