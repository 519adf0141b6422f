package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Security checklist 1.4, "Hash flooding": keys that a client chose so that all collide. */
class HashFloodingTest {
  private static final int KEYS = 100_000;
  private static final int LETTERS = 17;
  private static final Duration MOST = Duration.ofSeconds(2);

  private final AttributeCodec codec =
      new AttributeCodec(Codecs.allowing(getClass().getClassLoader()), 16L << 20);

  /** "Aa" and "BB" have the same hash, and so has whatever is made of as many of them. */
  private static String colliding(int number) {
    StringBuilder key = new StringBuilder(2 * LETTERS);
    for (int bit = 0; bit < LETTERS; bit++) {
      key.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return key.toString();
  }

  @Test
  void aHundredThousandCollidingKeysAreWrittenAndReadInTime() {
    Map<String, Integer> map = new HashMap<>();
    Map<String, Integer> linked = new LinkedHashMap<>();
    Set<String> set = new HashSet<>();
    for (int i = 0; i < KEYS; i++) {
      String key = colliding(i);
      map.put(key, i);
      linked.put(key, i);
      set.add(key);
    }
    assertThat(map.keySet()).extracting(String::hashCode).containsOnly(colliding(0).hashCode());

    for (Object value : new Object[] {map, linked, set}) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      Object back = codec.decode(codec.encode(value));
      long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;

      assertThat(back).isEqualTo(value);
      assertThat(Duration.ofNanos(taken)).isLessThan(MOST);
    }
  }
}
