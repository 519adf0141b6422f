package dev.holdfast.redis;

import static dev.holdfast.redis.client.Ascii.ascii;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys of the expiry index, <code>&lt;prefix&gt;:&lt;app&gt;:expiry:{&lt;app&gt;-&lt;n&gt;}
 * </code>. A session's key has a brace where these have {@code expiry}, and neither prefix nor app
 * has a colon, so the two are never the same. The number is in the hash tag: the shards of one
 * application spread over a Cluster, and two applications spread theirs differently.
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

  /**
   * The shard of a locator. Locators are random to the last character, and {@code String.hashCode}
   * is specified, so nodes agree.
   */
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
