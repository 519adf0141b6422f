package dev.holdfast.config;

/** The name of one class. */
final class ClassNameType implements ValueType<String> {

  @Override
  public String parse(String text) throws InvalidValueException {
    if (!NamesType.isClassName(text)) {
      throw new InvalidValueException(
          "names no class; write a full name like com.example.VaultKeys");
    }
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return "a class name";
  }
}
