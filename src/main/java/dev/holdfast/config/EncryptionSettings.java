package dev.holdfast.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether and with which keys sessions are encrypted. At most one of the three ways to give keys is
 * used.
 *
 * @param mode {@code encryption}: {@link Encryption#REQUIRED} if there are keys, unless it says
 *     otherwise
 * @param keys {@code encryption.keys}: 32 bytes each, the first one writes; empty without
 * @param keysFile {@code encryption.keys-file}: path of a file with such keys; empty without
 * @param provider {@code encryption.provider}: name of a class that gives them; empty without
 */
public record EncryptionSettings(
    Encryption mode, List<byte[]> keys, String keysFile, String provider) {

  public EncryptionSettings {
    keys = List.copyOf(keys);
  }

  /** Whether there are keys, or should be. */
  public boolean hasKeys() {
    return !keys.isEmpty() || !keysFile.isEmpty() || !provider.isEmpty();
  }

  /** What does not fit together, if anything, for the settings that were written. */
  static List<String> faults(Set<String> written, Encryption mode) {
    List<String> sources = new ArrayList<>();
    for (Setting<?> setting :
        List.of(
            Catalogue.ENCRYPTION_KEYS,
            Catalogue.ENCRYPTION_KEYS_FILE,
            Catalogue.ENCRYPTION_PROVIDER)) {
      if (written.contains(setting.name())) {
        sources.add(setting.name());
      }
    }
    List<String> faults = new ArrayList<>();
    if (sources.size() > 1) {
      faults.add(
          String.join(" and ", sources)
              + " are set at once; keys come from one place, remove the others");
    }
    if (sources.isEmpty() && mode != Encryption.OFF) {
      faults.add(
          "encryption is on, but there are no keys; set encryption.keys, encryption.keys-file or"
              + " encryption.provider");
    }
    return faults;
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
