package dev.holdfast.session;

import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of a live session. Stays bytes until it is first read. Guarded by its session's
 * lock.
 *
 * <p>A change in place is found by comparing what the instance encodes to now with what <em>this
 * instance</em> encoded to right after it was decoded or last saved, never with the stored bytes: a
 * HashSet of objects without hashCode encodes differently after every decode, and a pure read must
 * not write.
 */
final class Attribute {
  /** Not yet decoded, or null once {@link #value} is there. */
  byte @Nullable [] encoded;

  @Nullable Object value;

  /** The stamp of the stored value this node knows; null when it was never stored. */
  @Nullable Stamp written;

  /**
   * Digest of what {@link #value} encoded to when it was last known to be stored; null: never, or
   * immutable.
   */
  byte @Nullable [] baseline;

  boolean immutable;

  /** Set since the last save. */
  boolean set;

  /**
   * Given to the application since the session was last idle, so it may have been changed in place.
   */
  boolean handedOut;

  /**
   * Cannot be stored or shall not be, so only this node has it. Never {@link #set} and never {@link
   * #written}.
   */
  boolean local;

  /**
   * Was being changed by another thread on every try of the last save, and so may differ from what
   * is stored although nobody has used it since.
   */
  boolean raced;

  /** What a set value encoded to then, for a save that finds it always changing; null: saved. */
  byte @Nullable [] snapshot;

  /** Found undecodable: reads as absent, its stored bytes stay. */
  boolean unreadable;

  /** Bytes of the encoded value, for the session's weight. */
  int size;

  static Attribute stored(StoredAttribute stored) {
    Attribute attribute = new Attribute();
    attribute.encoded = stored.value();
    attribute.written = stored.written();
    attribute.size = stored.value().length;
    return attribute;
  }

  static byte[] digest(byte[] encoded) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(encoded);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing, which every Java platform must have", e);
    }
  }
}
