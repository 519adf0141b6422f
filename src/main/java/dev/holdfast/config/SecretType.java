package dev.holdfast.config;

/** A text that is never shown. Empty stands for none. */
final class SecretType implements ValueType<String> {

  private final String form;

  /**
   * @param form what may be written, Markdown
   */
  SecretType(String form) {
    this.form = form;
  }

  @Override
  public String parse(String text) {
    return text;
  }

  @Override
  public String format(String value) {
    return value.isEmpty() ? "none" : "***";
  }

  @Override
  public String shown(String text) {
    return "***";
  }

  @Override
  public String allowed() {
    return form;
  }
}
