package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it costs that a value for JDK serialization holds an immutable list. */
class ReplacedCyclesTest {
  private static final int ROWS = 5000;

  private final AttributeCodec codec = Codecs.ofTests();

  @Test
  void lookingForACycleAllocatesLessThanTheEncodingItself() {
    List<Object> value = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      value.add(new Row("row " + i));
    }
    value.add(new IllegalStateException("sends the whole to JDK serialization"));
    long without = allocatedByEncoding(value);
    value.add(List.of("a", "b"));
    long with = allocatedByEncoding(value);

    assertThat(with - without).isBetween(1L, without);
  }

  /** The second time, when all classes are known. */
  private long allocatedByEncoding(Object value) {
    codec.encode(value);
    long before = allocated();
    codec.encode(value);
    return allocated() - before;
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  static final class Row implements Serializable {
    final String name;
    Row next;

    Row(String name) {
      this.name = name;
    }
  }
}
