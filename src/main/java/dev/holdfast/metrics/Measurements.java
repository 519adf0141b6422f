package dev.holdfast.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The counts of one application since it was deployed. Safe for use by many threads. */
public final class Measurements implements Metrics {
  private final Map<Counter, LongAdder> counts;

  /** All counts are 0. */
  public Measurements() {
    Map<Counter, LongAdder> all = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      all.put(counter, new LongAdder());
    }
    counts = Collections.unmodifiableMap(all);
  }

  @Override
  public void count(Counter counter) {
    of(counter).increment();
  }

  /** How often {@code counter} was counted. */
  public long value(Counter counter) {
    return of(counter).sum();
  }

  private LongAdder of(Counter counter) {
    return Objects.requireNonNull(counts.get(counter));
  }
}
