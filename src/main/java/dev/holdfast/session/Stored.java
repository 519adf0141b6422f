package dev.holdfast.session;

import dev.holdfast.codec.ValueCodec.KnownBytes;
import dev.holdfast.security.Sha256;
import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds of one attribute, as far as this node knows: the bytes until they are
 * decoded, then their digest. It moves from a value to the one that replaces it. Guarded by the
 * session's lock.
 *
 * <p>A decoded value may encode to other bytes than those it came from: a HashSet of objects
 * without hashCode does after every decode. What it encoded to right after it was decoded means the
 * same as the stored bytes, so both digests count.
 */
final class Stored implements KnownBytes {
  private static final int DIGEST_BYTES = 32;

  /** The stamp of the save that wrote it. */
  final Stamp written;

  private byte @Nullable [] bytes;
  private byte @Nullable [] digest;
  private byte @Nullable [] again;

  private Stored(
      Stamp written, byte @Nullable [] bytes, byte @Nullable [] digest, byte @Nullable [] again) {
    this.written = written;
    this.bytes = bytes;
    this.digest = digest;
    this.again = again;
  }

  static Stored read(StoredAttribute from) {
    return new Stored(from.written(), from.value(), null, null);
  }

  /**
   * @param digest of the bytes that were saved
   * @param again digest of what the value encodes to now, if that may be something else
   */
  static Stored saved(Stamp written, byte[] digest, byte @Nullable [] again) {
    return new Stored(written, null, digest, again);
  }

  /**
   * The same stored bytes, for another value.
   *
   * @param value digest of what that encodes to
   */
  Stored alsoAs(byte[] value) {
    return new Stored(written, bytes, digest, value);
  }

  /** The bytes as they were read; null once they are decoded, and for what this node has saved. */
  byte @Nullable [] bytes() {
    return bytes;
  }

  /**
   * Called when the bytes are decoded and need not be kept.
   *
   * @param encodedAgain what the decoded value encodes to; empty if that is the same bytes, null
   *     when it is not known
   */
  void decoded(byte @Nullable [] encodedAgain) {
    byte[] read = bytes;
    if (read == null) {
      return;
    }
    digest = digest(read);
    again = encodedAgain == null || encodedAgain.length == 0 ? null : digest(encodedAgain);
    bytes = null;
  }

  /** Whether a value that encodes to bytes of this digest is the one that is stored. */
  boolean means(byte[] candidate) {
    return is(candidate) || Arrays.equals(candidate, again);
  }

  /** Whether exactly these bytes are stored. */
  boolean is(byte[] candidate) {
    byte[] read = bytes;
    if (digest == null && read != null) {
      digest = digest(read);
    }
    return Arrays.equals(candidate, digest);
  }

  @Override
  public boolean are(byte[] buffer, int from, int length) {
    return means(digest(buffer, from, length));
  }

  static byte[] digest(byte[] encoded) {
    return encoded.length < DIGEST_BYTES ? encoded : digest(encoded, 0, encoded.length);
  }

  /** SHA-256. What is shorter than that stands for itself, so no two values have one digest. */
  private static byte[] digest(byte[] buffer, int from, int length) {
    return length < DIGEST_BYTES
        ? Arrays.copyOfRange(buffer, from, from + length)
        : Sha256.of(buffer, from, length);
  }
}
