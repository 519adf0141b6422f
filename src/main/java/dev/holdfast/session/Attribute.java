package dev.holdfast.session;

import dev.holdfast.store.Stamp;
import dev.holdfast.store.StoredSession.StoredAttribute;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attribute of a live session. It stays bytes until it is first read, and is guarded by its
 * session's lock.
 *
 * <p>A change in place is found by comparing what the instance encodes to now with what the store
 * holds ({@link Stored}): a pure read writes nothing.
 */
final class Attribute {
  /**
   * After so many failures in a row a local value is tried only at every 64th save that could store
   * it.
   */
  private static final int MAX_FAILURES = 7;

  /** Null until the stored bytes are decoded. */
  @Nullable Object value;

  /** What the store has under this name; null when it has nothing, as far as this node knows. */
  @Nullable Stored stored;

  boolean immutable;

  /** Whether it was set since the last save. */
  boolean set;

  /**
   * Whether the application was given the value since the session was last idle, so that it may
   * have changed it in place.
   */
  boolean handedOut;

  /** Whether that was after the last save began to look at the values. */
  boolean handedOutSince;

  /**
   * Whether the value cannot or must not be stored, so that only this node has it. Then {@link
   * #set} is false, and {@link #stored} is null.
   */
  boolean local;

  /**
   * Whether a local value can never be stored, because a setting says so or because it is the
   * container's own.
   */
  boolean localForGood;

  /** Why only this node has the value; null when it is stored. */
  @Nullable String whyLocal;

  private int failures;
  private int skips;

  /**
   * Whether another thread was changing it on every try of the last save, so that it may differ
   * from what is stored although nobody has used it since.
   */
  boolean raced;

  /**
   * What the value encoded to when it was set, for a save that finds it always changing or need not
   * encode it again; null once saved.
   */
  byte @Nullable [] snapshot;

  /** Whether it was found undecodable: then it reads as absent, and its stored bytes stay. */
  boolean unreadable;

  /** Bytes of the encoded value, for the session's weight. */
  int size;

  static Attribute stored(StoredAttribute from) {
    Attribute attribute = new Attribute();
    attribute.stored = Stored.read(from);
    attribute.size = from.value().length;
    return attribute;
  }

  /**
   * Whether the application was given a value that it may have changed since, without setting it.
   */
  boolean mayHaveChangedInPlace() {
    return value != null && handedOut && !immutable;
  }

  /** The stamp of the stored value; null when there is none. */
  @Nullable Stamp written() {
    Stored known = stored;
    return known == null ? null : known.written;
  }

  /** The stored bytes of a value that has not been decoded. */
  byte[] undecoded() {
    return Objects.requireNonNull(Objects.requireNonNull(stored).bytes());
  }

  /**
   * Takes the value to which the stored bytes were decoded.
   *
   * @param again what the value encodes to now; empty if that is what is stored, null when it is
   *     not known
   */
  void decoded(Object decoded, boolean cannotChange, byte @Nullable [] again) {
    value = decoded;
    immutable = cannotChange;
    if (stored != null) {
      stored.decoded(again);
    }
  }

  /** Makes the value local: it could not be stored, so only this node has it until it can be. */
  void becomeLocal(@Nullable String why) {
    local = true;
    whyLocal = why;
    set = false;
    raced = false;
    snapshot = null;
    stored = null;
    failures = Math.min(failures + 1, MAX_FAILURES);
    // Tried again at once, then after 1, 3, 7 saves and so on: encoding what fails may take long.
    skips = (1 << (failures - 1)) - 1;
  }

  /** Whether a local value that was handed out is worth another try; called once per save. */
  boolean isDue() {
    if (localForGood || !handedOut) {
      return false;
    }
    return skips-- <= 0;
  }

  /** Makes a local value one to be stored, because it has turned out to be storable. */
  void becomeStorable() {
    local = false;
    whyLocal = null;
    set = true;
    failures = 0;
  }
}
