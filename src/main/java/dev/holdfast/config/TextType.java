package dev.holdfast.config;

/** Any text, such as the path of a file. */
final class TextType implements ValueType<String> {
  private final String allowed;

  TextType(String allowed) {
    this.allowed = allowed;
  }

  @Override
  public String parse(String text) {
    return text;
  }

  @Override
  public String format(String value) {
    return value;
  }

  @Override
  public String allowed() {
    return allowed;
  }
}
