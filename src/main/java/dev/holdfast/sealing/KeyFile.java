package dev.holdfast.sealing;

import dev.holdfast.api.KeyProvider;
import dev.holdfast.config.EncryptionKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Encryption keys in a file, one per line. The first key is the one to write with; lines that begin
 * with # are comments. The file is small and is read as a whole each time, so that noticing a
 * change depends on no clock and no file system.
 */
final class KeyFile implements KeyProvider {
  private static final long MAX_BYTES = 64 * 1024;

  private final Path file;

  public KeyFile(Path file) {
    this.file = file;
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidKeysException when the file cannot be read or holds something other than keys;
   *     the message shows nothing of its content
   */
  @Override
  public List<byte[]> keys() {
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidKeysException(file + " has more than " + MAX_BYTES + " bytes", null);
      }
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new InvalidKeysException(file + " cannot be read: " + e, e);
    }
    String keys =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .collect(Collectors.joining("\n"));
    try {
      return EncryptionKeys.parse(keys);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeysException(file + ": " + e.getMessage(), e);
    }
  }
}
