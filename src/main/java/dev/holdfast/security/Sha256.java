package dev.holdfast.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** SHA-256 (FIPS 180-4), which every Java platform must have ({@link MessageDigest}). */
public final class Sha256 {
  /**
   * Digests to be used again: to make one takes more objects than to hash a short text. They are
   * not kept by thread, so no thread of the container keeps one.
   */
  private static final BlockingQueue<MessageDigest> IDLE = new ArrayBlockingQueue<>(32);

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
  public static byte[] of(byte[] bytes, int offset, int length) {
    MessageDigest idle = IDLE.poll();
    MessageDigest digest = idle != null ? idle : digest();
    digest.update(bytes, offset, length);
    byte[] hash = digest.digest();
    boolean unused = IDLE.offer(digest);
    return hash;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing, which every Java platform must have", e);
    }
  }
}
