package dev.holdfast.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The absolute path of a file that need not be there yet. Empty stands for none. */
final class NewFileType implements ValueType<String> {

  @Override
  public String parse(String text) throws InvalidValueException {
    try {
      if (!Path.of(text).isAbsolute()) {
        throw new InvalidValueException("write the absolute path of a file");
      }
      return text;
    } catch (InvalidPathException e) {
      throw new InvalidValueException("not a path; write the absolute path of a file");
    }
  }

  @Override
  public String format(String value) {
    return value.isEmpty() ? "none" : value;
  }

  @Override
  public String allowed() {
    return "absolute path of a file";
  }
}
