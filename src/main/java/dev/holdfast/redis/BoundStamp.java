package dev.holdfast.redis;

import dev.holdfast.store.Stamp;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Stamps as they are stored in the hash of one key: the upper half of the counter, which is never
 * needed, carries a check sum of the key. So every reply that describes a session also tells which
 * session it is, without a byte more. That guards against accidents, such as a reply that answers
 * another command or a hash that was copied; one in four billion passes. Seals guard against
 * intent.
 */
final class BoundStamp {
  private static final int HALF = Integer.SIZE;

  private final long mask;

  /** For the stamps of one session. */
  BoundStamp(byte[] key) {
    CRC32C sum = new CRC32C();
    sum.update(key, 0, key.length);
    this.mask = sum.getValue() << HALF;
  }

  byte[] encode(Stamp stamp) {
    return new Stamp(stamp.counter() ^ mask, stamp.random()).toBytes();
  }

  /**
   * @param field names what was read
   * @throws ForeignReplyException when the bytes are a stamp of another key
   * @throws MalformedHashException when they are no stamp
   */
  Stamp decode(@Nullable Object bytes, String field) throws MalformedHashException {
    if (!(bytes instanceof byte[] raw) || raw.length != Stamp.BYTES) {
      throw new MalformedHashException(field + " is not a stamp of " + Stamp.BYTES + " bytes");
    }
    Stamp stored = Stamp.fromBytes(raw);
    long counter = stored.counter() ^ mask;
    if (counter >>> HALF != 0) {
      throw new ForeignReplyException(field + " is a stamp of another session");
    }
    return new Stamp(counter, stored.random());
  }
}
