package dev.holdfast.container.vault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One secret. */
final class VaultFile {
  private VaultFile() {}

  static String read(String name) {
    Path file = Path.of(System.getProperty("vault"), name);
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
