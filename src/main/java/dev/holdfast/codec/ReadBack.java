package dev.holdfast.codec;

import dev.holdfast.security.Sha256;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers which encoded values were lately read back with success, so that an unchanged value is
 * not read again at every save. Holds 64 bits of a SHA-256 for each; forgetting one costs a read.
 */
final class ReadBack {
  private static final int SLOTS = 4096;

  private final AtomicLongArray digests = new AtomicLongArray(SLOTS);

  static long digest(byte[] encoded) {
    return ByteBuffer.wrap(Sha256.of(encoded)).getLong();
  }

  boolean contains(long digest) {
    return digest != 0 && digests.get(slot(digest)) == digest;
  }

  void add(long digest) {
    digests.set(slot(digest), digest);
  }

  private static int slot(long digest) {
    return (int) digest & (SLOTS - 1);
  }
}
