package dev.holdfast.metrics;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What was told of one application since it was deployed. Safe for use by many threads. */
public final class Measurements implements Metrics {
  private final Map<Counter, LongAdder> counts;
  private final Timings waits = new Timings();
  private final List<Gauge> gauges = new CopyOnWriteArrayList<>();

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

  @Override
  public void waited(String operation, long nanos) {
    waits.took(operation, nanos);
  }

  @Override
  public void gauge(Gauge gauge) {
    gauges.add(gauge);
  }

  /** How often {@code counter} was counted. */
  public long value(Counter counter) {
    return of(counter).sum();
  }

  /** The waits for the store. */
  Timings waits() {
    return waits;
  }

  /** What can be read, in the order in which that was said. */
  List<Gauge> gauges() {
    return List.copyOf(gauges);
  }

  private LongAdder of(Counter counter) {
    return Objects.requireNonNull(counts.get(counter));
  }
}
