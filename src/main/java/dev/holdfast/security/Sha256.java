package dev.holdfast.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4), which every Java platform must have ({@link MessageDigest}). */
public final class Sha256 {
  private Sha256() {}

  /** The hash of {@code bytes}, 32 bytes. */
  public static byte[] of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** The hash of {@code text} in UTF-8, 32 bytes. */
  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The hash of a part of {@code bytes}, 32 bytes. */
  static byte[] of(byte[] bytes, int offset, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, offset, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing, which every Java platform must have", e);
    }
  }
}
