package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What values cost beside JDK serialization. The sizes are asserted; the times depend on the
 * machine and are only reported, by {@link #main}. Run that once with this version's classes and
 * once with another's to compare them.
 */
class CodecSpeedTest {
  private static final int ROUNDS = 7;
  private static final int BATCH = 50;
  private static final long ROUND_NANOS = 400_000_000L;

  private final AttributeCodec codec = Codecs.ofTests();

  @Test
  void aListOfBeansTakesHalfOfWhatJdkSerializationTakes() throws Exception {
    for (Object value : values().values()) {
      assertThat(codec.encode(value).length).isLessThan(JavaSerialization.bytes(value).length);
    }
    Object list = values().get("list of 100 beans");
    assertThat(codec.encode(list).length * 2).isLessThan(JavaSerialization.bytes(list).length);
  }

  private static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("bean with ten fields", new Bean(1));
    List<Bean> list = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      list.add(new Bean(i));
    }
    values.put("list of 100 beans", list);
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      map.put("key number " + i, "value ".repeat(14) + i);
    }
    values.put("map of 200 KB", map);
    return values;
  }

  /** Reports microseconds of encoding and decoding, and bytes, for both ways. */
  public static void main(String[] arguments) throws Exception {
    AttributeCodec codec = Codecs.ofTests();
    for (Map.Entry<String, Object> entry : values().entrySet()) {
      Object value = entry.getValue();
      double own = micros(() -> codec.decode(codec.encode(value)));
      double jdk = micros(() -> JavaSerialization.roundTrip(value));
      System.out.printf(
          "%-22s %8.1f us %7d bytes; JDK serialization %8.1f us %7d bytes; %.1f times as fast%n",
          entry.getKey(),
          own,
          codec.encode(value).length,
          jdk,
          JavaSerialization.bytes(value).length,
          jdk / own);
    }
  }

  private interface Work {
    Object run() throws Exception;
  }

  /** CPU time, of which the fastest round counts: the rest was other processes' doing. */
  private static double micros(Work work) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = threads.getCurrentThreadCpuTime();
      long count = 0;
      do {
        // To ask for the time takes as long as a small value.
        for (int i = 0; i < BATCH; i++) {
          work.run();
        }
        count += BATCH;
      } while (threads.getCurrentThreadCpuTime() - start < ROUND_NANOS);
      best = Math.min(best, (threads.getCurrentThreadCpuTime() - start) / 1000.0 / count);
    }
    return best;
  }

  static final class Bean implements Serializable {
    private static final long serialVersionUID = 1L;

    final int id;
    final String name;
    final String street = "12 Analytical Row";
    final String city = "London";
    final boolean active = true;
    final double score;
    final long visits;
    final Integer rank;
    final BigDecimal balance;
    final Instant since = Instant.ofEpochSecond(1_700_000_000L);

    Bean(int id) {
      this.id = id;
      this.name = "Ada Lovelace " + id;
      this.score = id * 1.5;
      this.visits = id * 1000L;
      this.rank = id;
      this.balance = new BigDecimal("12.34").add(BigDecimal.valueOf(id));
    }
  }
}
