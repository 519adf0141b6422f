package dev.holdfast.config;

/** Any text, which is shown to nobody. */
final class SecretTextType implements ValueType<String> {
  @Override
  public String parse(String text) {
    return text;
  }

  @Override
  public String format(String value) {
    return "***";
  }

  @Override
  public String shown(String text) {
    return "***";
  }

  @Override
  public String allowed() {
    return "text";
  }
}
