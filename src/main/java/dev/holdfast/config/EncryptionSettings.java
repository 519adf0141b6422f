package dev.holdfast.config;

import java.util.List;

/**
 * Whether and with which keys sessions are encrypted. At most one of the three ways to give keys is
 * used.
 *
 * @param mode {@code encryption}: {@link Encryption#REQUIRED} if there are keys, unless it says
 *     otherwise
 * @param keys {@code encryption.keys}: 32 bytes each, the first one writes; empty for none
 * @param keysFile {@code encryption.keys-file}: path of a file with such keys; empty for none
 * @param provider {@code encryption.provider}: name of a class that provides them; empty for none
 */
public record EncryptionSettings(
    Encryption mode, List<byte[]> keys, String keysFile, String provider) {

  private static final String KEYS = "encryption.keys";
  private static final String KEYS_FILE = "encryption.keys-file";
  private static final String PROVIDER = "encryption.provider";

  /** Declares these settings, and takes their values. */
  static EncryptionSettings read(SettingsReader reader) {
    List<byte[]> keys =
        reader
            .shared()
            .computed(
                KEYS,
                Group.ESSENTIAL,
                new EncryptionKeysType(),
                List::of,
                "none: values are stored in the clear",
                "Keys to encrypt sessions in Redis: the first one writes, all of them read."
                    + " `openssl rand -base64 32` makes one.");
    String keysFile =
        reader.computed(
            KEYS_FILE,
            Group.FREQUENT,
            new FileType("path of a file"),
            () -> "",
            "none",
            "The same keys in a file, one a line, instead. Read again when it changes, so keys are"
                + " exchanged without a restart.");
    String provider =
        reader.computed(
            PROVIDER,
            Group.RARE,
            new ClassNameType(),
            () -> "",
            "none",
            "Class that provides the keys instead, a `dev.holdfast.api.KeyProvider`.");
    List<String> sources =
        reader.atMostOne("keys come from one place, remove the others", KEYS, KEYS_FILE, PROVIDER);
    Encryption mode =
        reader
            .shared()
            .computed(
                "encryption",
                Group.FREQUENT,
                new ChoiceType<>(Encryption.class),
                () -> sources.isEmpty() ? Encryption.OFF : Encryption.REQUIRED,
                "`required` if there are keys, else `off`",
                "`off` writes in the clear, `migrate` encrypts what it writes, `required` also refuses"
                    + " what is stored in the clear. Each of them reads what is encrypted.");
    if (sources.isEmpty() && mode != Encryption.OFF) {
      reader.fault(
          "encryption is on, but there are no keys; set encryption.keys, encryption.keys-file or"
              + " encryption.provider");
    }
    return new EncryptionSettings(mode, keys, keysFile, provider);
  }

  public EncryptionSettings {
    keys = List.copyOf(keys);
  }

  /** Whether the settings give keys, or a place to read them from. */
  public boolean hasKeys() {
    return !keys.isEmpty() || !keysFile.isEmpty() || !provider.isEmpty();
  }

  /** Hides the keys. */
  @Override
  public String toString() {
    return "EncryptionSettings[mode="
        + mode
        + ", keys="
        + keys.size()
        + ", keysFile="
        + keysFile
        + ", provider="
        + provider
        + "]";
  }
}
