package dev.holdfast.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was told of one application since it was deployed. Safe for use by many threads; what is
 * called for each request allocates nothing.
 */
public final class Measurements implements Metrics, AutoCloseable {
  /** Stands for the classes beyond the first {@link #MAX_CLASSES}. */
  public static final String OTHER_CLASSES = "other";

  /** Most classes that are told apart, for each fate: their names may be made while running. */
  static final int MAX_CLASSES = 100;

  private final Map<Counter, LongAdder> counts;
  private final ConcurrentMap<String, Timing> waits = new ConcurrentHashMap<>();
  private final Map<Coding, Timing> codings;
  private final Map<Fate, ConcurrentMap<String, LongAdder>> fates;
  private final List<Gauge> gauges = new CopyOnWriteArrayList<>();
  private final List<MeasurementsObserver> observers = new ArrayList<>();
  private boolean closed;

  /** All counts are 0. */
  public Measurements() {
    Map<Counter, LongAdder> allCounts = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      allCounts.put(counter, new LongAdder());
    }
    counts = Collections.unmodifiableMap(allCounts);
    Map<Coding, Timing> allCodings = new EnumMap<>(Coding.class);
    for (Coding coding : Coding.values()) {
      allCodings.put(coding, new Timing());
    }
    codings = Collections.unmodifiableMap(allCodings);
    Map<Fate, ConcurrentMap<String, LongAdder>> allFates = new EnumMap<>(Fate.class);
    for (Fate fate : Fate.values()) {
      allFates.put(fate, new ConcurrentHashMap<>());
    }
    fates = Collections.unmodifiableMap(allFates);
  }

  @Override
  public void count(Counter counter) {
    of(counter).increment();
  }

  @Override
  public void add(Counter counter, long amount) {
    of(counter).add(amount);
  }

  @Override
  public void waited(String operation, long nanos) {
    Timing timing = waits.get(operation);
    (timing == null ? firstOf(operation) : timing).took(nanos);
  }

  private synchronized Timing firstOf(String operation) {
    Timing known = waits.get(operation);
    if (known != null) {
      return known;
    }
    Timing fresh = new Timing();
    waits.put(operation, fresh);
    observers.forEach(observer -> observer.waits(operation, fresh));
    return fresh;
  }

  @Override
  public void coded(Coding coding, long nanos) {
    Objects.requireNonNull(codings.get(coding)).took(nanos);
  }

  @Override
  public void fate(Fate fate, Class<?> type) {
    String name = nameOf(type);
    LongAdder count = of(fate).get(name);
    (count == null ? firstOf(fate, name) : count).increment();
  }

  private synchronized LongAdder firstOf(Fate fate, String className) {
    ConcurrentMap<String, LongAdder> classes = of(fate);
    boolean isApart = classes.containsKey(className) || classes.size() < MAX_CLASSES;
    String name = isApart ? className : OTHER_CLASSES;
    LongAdder known = classes.get(name);
    if (known != null) {
      return known;
    }
    LongAdder fresh = new LongAdder();
    classes.put(name, fresh);
    observers.forEach(observer -> observer.fate(fate, name, fresh));
    return fresh;
  }

  /** Without the address that a hidden class has behind a slash, which differs in every JVM. */
  private static String nameOf(Class<?> type) {
    String name = type.getName();
    int slash = name.indexOf('/');
    return slash < 0 ? name : name.substring(0, slash);
  }

  @Override
  public synchronized void gauge(Gauge gauge) {
    gauges.add(gauge);
    observers.forEach(observer -> observer.gauge(gauge));
  }

  /**
   * Tells {@code observer} what there is to be read, now and later, until {@link #close}. It is
   * closed at once if that has happened.
   */
  public synchronized void observe(MeasurementsObserver observer) {
    if (closed) {
      observer.close();
      return;
    }
    observers.add(observer);
    gauges.forEach(observer::gauge);
    waits.forEach(observer::waits);
    codings.forEach(observer::coding);
    fates.forEach(
        (fate, classes) -> classes.forEach((name, count) -> observer.fate(fate, name, count)));
  }

  /** Closes the observers. Counting goes on for whoever still counts. */
  @Override
  public synchronized void close() {
    closed = true;
    observers.forEach(MeasurementsObserver::close);
    observers.clear();
  }

  /** How often {@code counter} was counted. */
  public long value(Counter counter) {
    return of(counter).sum();
  }

  /** The waits for the store by operation, in the order of the names. */
  public Map<String, Timing> waits() {
    return new TreeMap<>(waits);
  }

  /** What encoding and decoding takes. */
  Map<Coding, Timing> codings() {
    return codings;
  }

  /** The classes that met a fate, in the order of their names. */
  Map<String, LongAdder> classes(Fate fate) {
    return new TreeMap<>(of(fate));
  }

  /** What can be read, in the order in which that was said. */
  public List<Gauge> gauges() {
    return List.copyOf(gauges);
  }

  private LongAdder of(Counter counter) {
    return Objects.requireNonNull(counts.get(counter));
  }

  private ConcurrentMap<String, LongAdder> of(Fate fate) {
    return Objects.requireNonNull(fates.get(fate));
  }
}
