package dev.holdfast.redis;

import dev.holdfast.redis.client.Ascii;
import dev.holdfast.redis.client.RedisAddress;
import java.nio.charset.StandardCharsets;

/** What this package reads of what others may have written, for the fuzzer. */
public final class FuzzedRedis {
  private static final byte[] KEY = Ascii.ascii("holdfast:app:{AAAAAAAAAAAAAAAAAAAAAA}");
  private static final long CLOCK = 1_700_000_000_000L;

  private FuzzedRedis() {}

  /**
   * A byte for the length of a field, the field, two for that of its value, the value; and so on.
   */
  public static void readHash(byte[] hash) {
    SessionHash.Fields fields = new SessionHash.Fields(KEY);
    int at = 0;
    while (at < hash.length) {
      byte[] field = new byte[Math.min(hash[at] & 0xff, hash.length - at - 1)];
      System.arraycopy(hash, at + 1, field, 0, field.length);
      at += 1 + field.length;
      if (at + 2 > hash.length) {
        break;
      }
      int length = (hash[at] & 0xff) << 8 | hash[at + 1] & 0xff;
      byte[] value = new byte[Math.min(length, hash.length - at - 2)];
      System.arraycopy(hash, at + 2, value, 0, value.length);
      at += 2 + value.length;
      fields.add(field, value);
    }
    try {
      SessionHash.Reading reading = SessionHash.state(fields, 1_800_000, null, CLOCK);
      SessionHash.session(reading.state(), fields);
    } catch (MalformedHashException e) {
      // As it should be.
    }
  }

  /** Takes apart what the settings have accepted. */
  public static void takeApart(String uri) {
    String shown = RedisAddress.of(uri).toString();
    if (shown.isEmpty()) {
      throw new AssertionError("no server in what the settings accepted");
    }
  }

  /** A stamp as {@link #readHash} takes it. */
  public static byte[] stamp() {
    return new BoundStamp(KEY).encode(new dev.holdfast.store.Stamp(7, 9));
  }

  /** For the corpus: {@code field} and {@code value} as {@link #readHash} takes them. */
  public static byte[] field(String field, byte[] value) {
    byte[] name = field.getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[3 + name.length + value.length];
    bytes[0] = (byte) name.length;
    System.arraycopy(name, 0, bytes, 1, name.length);
    bytes[1 + name.length] = (byte) (value.length >> 8);
    bytes[2 + name.length] = (byte) value.length;
    System.arraycopy(value, 0, bytes, 3 + name.length, value.length);
    return bytes;
  }
}
