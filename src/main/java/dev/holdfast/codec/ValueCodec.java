package dev.holdfast.codec;

import dev.holdfast.api.UnencodableValueException;
import org.jspecify.annotations.Nullable;

/** Turns attribute values into bytes and back. Safe for use by many threads. */
public interface ValueCodec {

  /**
   * Encodes a value, envelope included.
   *
   * @throws UnencodableValueException when the value, or something it leads to, cannot be stored
   *     such that it can be read again; names the class, the path to it and the remedy
   * @throws java.util.ConcurrentModificationException when another thread was seen changing the
   *     value meanwhile
   */
  default byte[] encode(Object value) {
    return encode(value, (buffer, from, length) -> false);
  }

  /**
   * As {@link #encode(Object)}, but gives an empty array, and copies nothing, if the bytes are
   * known.
   */
  byte[] encode(Object value, KnownBytes known);

  /** Tells whether bytes are those that somebody has already. */
  interface KnownBytes {
    /** Looks at a part of {@code buffer}, which holds other bytes when this has returned. */
    boolean are(byte[] buffer, int from, int length);
  }

  /**
   * Decodes what {@link #encode} wrote, in this or another version of the application.
   *
   * @throws UndecodableValueException when that is not possible; names the class. It is a {@link
   *     StoredClassNotAllowedException} or a {@link StoredValueTooLargeException} when no node
   *     writes such bytes.
   */
  Object decode(byte[] bytes);

  /**
   * Whether the value can never change, nor anything it leads to, so that it need not be compared
   * at commit.
   */
  boolean isImmutable(Object value);

  /**
   * The name of the class of an encoded value, found out without loading a class or running code.
   *
   * @return null when the bytes do not tell
   */
  @Nullable String typeOf(byte[] encoded);

  /**
   * Whether the encoded value itself, whatever it holds, is surely of a JDK class; finds out
   * without decoding. False when that would take more than a glance.
   */
  boolean isJdkValue(byte[] encoded);
}
