package dev.holdfast.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The path of a file that exists. Empty stands for none. */
final class FileType implements ValueType<String> {

  private final String content;

  /**
   * @param content what is in it, Markdown
   */
  FileType(String content) {
    this.content = content;
  }

  @Override
  public String parse(String text) throws InvalidValueException {
    try {
      Path file = Path.of(text);
      if (!Files.isRegularFile(file)) {
        throw new InvalidValueException("no such file; write its absolute path");
      }
      if (!Files.isReadable(file)) {
        throw new InvalidValueException("this process may not read the file");
      }
      return text;
    } catch (InvalidPathException e) {
      throw new InvalidValueException("not a path; write the absolute path of a file");
    }
  }

  /** The path if there is such a file: somebody may have written a password in its place. */
  @Override
  public String shown(String text) {
    try {
      return Files.isRegularFile(Path.of(text)) ? text : "***";
    } catch (InvalidPathException e) {
      return "***";
    }
  }

  @Override
  public String format(String value) {
    return value.isEmpty() ? "none" : value;
  }

  @Override
  public String allowed() {
    return content;
  }
}
