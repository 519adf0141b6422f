package dev.holdfast.store;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Names one state of a session: a counter and 64 random bits chosen by the writer, compared for
 * equality only. A plain counter would validate the wrong content after a restore or a failover
 * that lost writes; random bits do not.
 */
public record Stamp(long counter, long random) {
  /** Bytes of the stored form: two big-endian longs. */
  public static final int BYTES = 16;

  /** The first stamp of a session. */
  public static Stamp first(SecureRandom random) {
    return new Stamp(1, random.nextLong());
  }

  /** The stamp of the state that follows this one. */
  public Stamp next(SecureRandom random) {
    return new Stamp(counter + 1, random.nextLong());
  }

  /** The stored form, {@value #BYTES} bytes. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(counter).putLong(random).array();
  }

  /**
   * Reads the stored form.
   *
   * @throws IllegalArgumentException when there are not exactly {@value #BYTES} bytes
   */
  public static Stamp fromBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("A stamp has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Stamp(buffer.getLong(), buffer.getLong());
  }
}
