package dev.holdfast.redis;

import static dev.holdfast.redis.SessionHash.ascii;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys of the expiry index, <code>&lt;prefix&gt;:&lt;app&gt;:expiry:{&lt;app&gt;-&lt;n&gt;}
 * </code>. A session's key has a brace where these have {@code expiry}, and neither prefix nor app
 * has a colon, so the two never meet. The number is in the hash tag: the shards of one application
 * spread over a Cluster, and those of two applications do not lie on each other.
 *
 * <p>Nodes must agree on the shard of a session, so the number of shards is no setting.
 */
final class ExpiryShards {
  static final int COUNT = 16;

  private final List<byte[]> keys = new ArrayList<>();

  ExpiryShards(String prefix, String app) {
    for (int i = 0; i < COUNT; i++) {
      keys.add(ascii(prefix + ":" + app + ":expiry:{" + app + "-" + i + "}"));
    }
  }

  /** Locators are random to the last character, and {@code String.hashCode} is specified. */
  static int number(String locator) {
    return Math.floorMod(locator.hashCode(), COUNT);
  }

  byte[] of(String locator) {
    return keys.get(number(locator));
  }

  List<byte[]> all() {
    return keys;
  }
}
