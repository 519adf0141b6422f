package dev.holdfast.config;

import java.util.List;

/** Encryption keys, which no message and no report shows. */
final class EncryptionKeysType implements ValueType<List<byte[]>> {
  private static final String HIDDEN = "***";

  @Override
  public List<byte[]> parse(String text) throws InvalidValueException {
    try {
      return EncryptionKeys.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String format(List<byte[]> value) {
    return HIDDEN;
  }

  @Override
  public String shown(String text) {
    return HIDDEN;
  }

  @Override
  public String allowed() {
    return "32 bytes in base64 each, separated by commas";
  }
}
