package dev.holdfast.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Encryption keys as text: 32 bytes each in base64, plain or for URLs, with or without padding,
 * separated by commas or white space.
 */
public final class EncryptionKeys {
  private static final int BYTES = 32;
  private static final String REMEDY = "make one with: openssl rand -base64 32";

  private EncryptionKeys() {}

  /**
   * The keys that a text spells: at least one.
   *
   * @throws IllegalArgumentException when it spells none, or an invalid one; the message names the
   *     key by its place, says what is right, and shows nothing of the text
   */
  public static List<byte[]> parse(String text) {
    List<byte[]> keys = new ArrayList<>();
    for (String word : text.strip().split("[,\\s]+", -1)) {
      byte[] key = decode(word, keys.size() + 1);
      for (int i = 0; i < keys.size(); i++) {
        if (Arrays.equals(keys.get(i), key)) {
          throw new IllegalArgumentException(
              "key " + (keys.size() + 1) + " is the same as key " + (i + 1) + "; remove one");
        }
      }
      keys.add(key);
    }
    return List.copyOf(keys);
  }

  private static byte[] decode(String word, int place) {
    if (word.isEmpty()) {
      throw new IllegalArgumentException("key " + place + " is missing; " + REMEDY);
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(word.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      // Without the cause, whose message quotes a character of the key.
      throw new IllegalArgumentException("key " + place + " is not base64; " + REMEDY);
    }
    if (key.length != BYTES) {
      throw new IllegalArgumentException(
          "key " + place + " has " + key.length + " bytes and not " + BYTES + "; " + REMEDY);
    }
    byte first = key[0];
    boolean random = false;
    for (byte b : key) {
      random |= b != first;
    }
    if (!random) {
      throw new IllegalArgumentException("key " + place + " is one byte repeated; " + REMEDY);
    }
    return key;
  }
}
