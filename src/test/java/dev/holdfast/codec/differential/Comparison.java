package dev.holdfast.codec.differential;

import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first difference between two graphs that should be copies of one another.
 *
 * <p>Objects of applications and libraries are compared by all their fields, transient ones too.
 * Collections of the JDK are compared by what they hold, in their own order, by their comparators
 * and by whether they find their own elements; other classes of the JDK by value, by fields or by
 * their serial form. Each object must have one partner: what is shared on one side is shared on the
 * other. Strings, boxed numbers and other values that have no identity to rely on are exempt.
 *
 * <p>Not compared is what an application cannot rely on: caches, modification counts, and the room
 * that a collection or a string builder holds in reserve. The order of a hash table counts if the
 * hash codes of its keys are the same on both sides; where they stem from identities, any order is
 * right.
 */
final class Comparison {
  /** Values without an identity: equal ones may be one object or two. */
  private static final Set<String> VALUE_PACKAGES =
      Set.of("java.time", "java.time.chrono", "java.math");

  private static final Set<String> VALUES =
      Set.of(
          "java.lang.String",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Short",
          "java.lang.Byte",
          "java.lang.Character",
          "java.lang.Boolean",
          "java.lang.Float",
          "java.lang.Double",
          "java.lang.StackTraceElement",
          "java.util.UUID",
          "java.util.Locale",
          "java.util.Currency",
          "java.util.OptionalInt",
          "java.util.OptionalLong",
          "java.util.OptionalDouble",
          "java.net.URI",
          "java.net.URL",
          "java.io.File",
          "java.time.zone.ZoneRules");

  /** Of these, what counts is what they print and nothing else. */
  private static final Set<Class<?>> TEXTS =
      Set.of(StringBuilder.class, StringBuffer.class, BitSet.class);

  /** JDK classes compared by what is in them. */
  private static final Set<Class<?>> CONTAINERS =
      Set.of(
          ArrayList.class,
          LinkedList.class,
          ArrayDeque.class,
          Vector.class,
          Stack.class,
          HashMap.class,
          LinkedHashMap.class,
          TreeMap.class,
          HashSet.class,
          LinkedHashSet.class,
          TreeSet.class,
          Hashtable.class,
          Properties.class,
          IdentityHashMap.class,
          EnumMap.class,
          PriorityQueue.class,
          PriorityBlockingQueue.class,
          ConcurrentHashMap.class,
          ConcurrentSkipListMap.class,
          ConcurrentSkipListSet.class,
          ConcurrentLinkedQueue.class,
          ConcurrentLinkedDeque.class,
          CopyOnWriteArrayList.class,
          CopyOnWriteArraySet.class,
          ArrayBlockingQueue.class,
          LinkedBlockingQueue.class,
          LinkedBlockingDeque.class,
          Set.of().getClass(),
          Set.of(1).getClass(),
          Map.of().getClass(),
          Map.of(1, 1).getClass());

  /** Fields of containers that are part of the value, beside the comparator. */
  private static final Map<Class<?>, Set<String>> CONTAINER_FIELDS =
      Map.of(
          LinkedHashMap.class, Set.of("accessOrder"),
          Properties.class, Set.of("defaults"),
          EnumMap.class, Set.of("keyType"),
          LinkedBlockingQueue.class, Set.of("capacity"),
          LinkedBlockingDeque.class, Set.of("capacity"));

  /** Caches, counts and what belongs to a running JVM. */
  private static final Set<String> IGNORED =
      Set.of(
          // Each mapper has a random seed for its tables of names.
          "com.fasterxml.jackson.core.JsonFactory._rootCharSymbols",
          "com.fasterxml.jackson.core.JsonFactory._byteSymbolCanonicalizer",
          "java.util.AbstractList.modCount",
          "java.util.AbstractMap.keySet",
          "java.util.AbstractMap.values",
          // The filter of the stream that read it; Java hands it on to the stream within.
          "java.rmi.MarshalledObject.objectInputFilter",
          "java.util.concurrent.locks.ReentrantReadWriteLock$Sync.readHolds",
          "java.lang.Throwable.depth",
          "java.lang.Throwable.backtrace",
          "java.util.TreeMap$NavigableSubMap.descendingMapView",
          "java.util.TreeMap$NavigableSubMap.entrySetView",
          "java.util.TreeMap$NavigableSubMap.navigableKeySetView",
          // What compiling leaves, which happens when a pattern that was read is first used.
          "java.util.regex.Pattern.flags0",
          "java.util.regex.Pattern.compiled",
          "java.util.regex.Pattern.root",
          "java.util.regex.Pattern.matchRoot",
          "java.util.regex.Pattern.buffer",
          "java.util.regex.Pattern.predicate",
          "java.util.regex.Pattern.namedGroups",
          "java.util.regex.Pattern.namedGroupsMap",
          "java.util.regex.Pattern.topClosureNodes",
          "java.util.regex.Pattern.localTCNCount",
          "java.util.regex.Pattern.localCount",
          "java.util.regex.Pattern.groupNodes",
          "java.util.regex.Pattern.cursor",
          "java.util.regex.Pattern.temp",
          "java.util.regex.Pattern.patternLength",
          "java.util.regex.Pattern.normalizedPattern",
          "java.util.regex.Pattern.hasSupplementary",
          "java.util.regex.Pattern.hasGroupRef",
          "java.util.regex.Pattern.capturingGroupCount");

  private record Pair(@Nullable Object expected, @Nullable Object actual, Path path) {}

  /** Two hash tables whose order means nothing, left until all else has found its partner. */
  private record Tables(Pair pair, List<Entry> expected, List<Entry> actual) {}

  /** A mapping, or an element and null. */
  private record Entry(@Nullable Object key, @Nullable Object value) {}

  /** Where in the graph, for the message. */
  private record Path(@Nullable Path parent, String step) {
    @Override
    public String toString() {
      return parent == null ? step : parent + step;
    }
  }

  private final Map<Object, Object> partners;
  private final Map<Object, Object> back;
  private final Deque<Pair> pending = new ArrayDeque<>();
  private final Deque<Tables> unordered = new ArrayDeque<>();

  private Comparison(Map<Object, Object> partners, Map<Object, Object> back) {
    this.partners = new IdentityHashMap<>(partners);
    this.back = new IdentityHashMap<>(back);
  }

  /**
   * The first difference, nearest to the roots.
   *
   * @return its path and both sides, or null when there is none
   */
  static @Nullable String difference(Object expected, Object actual) {
    Comparison comparison = new Comparison(Map.of(), Map.of());
    comparison.pending.add(
        new Pair(expected, actual, new Path(null, expected.getClass().getSimpleName())));
    return comparison.run();
  }

  private @Nullable String run() {
    while (true) {
      while (!pending.isEmpty()) {
        Pair pair = pending.remove();
        String difference = compare(pair);
        if (difference != null) {
          return pair.path + ": " + difference;
        }
      }
      if (unordered.isEmpty()) {
        return null;
      }
      Tables tables = unordered.remove();
      String difference = compareUnordered(tables);
      if (difference != null) {
        return tables.pair.path + ": " + difference;
      }
    }
  }

  private @Nullable String compare(Pair pair) {
    Object expected = pair.expected;
    Object actual = pair.actual;
    if (expected == null || actual == null) {
      return expected == actual ? null : differ(expected, actual);
    }
    Class<?> type = expected.getClass();
    if (type != actual.getClass()) {
      return "Java brings a " + type.getName() + ", we a " + actual.getClass().getName();
    }
    if (isValue(type)) {
      boolean equal = expected.equals(actual) && expected.toString().equals(actual.toString());
      return equal ? null : differ(expected, actual);
    }
    Object partner = partners.putIfAbsent(expected, actual);
    Object backPartner = back.putIfAbsent(actual, expected);
    if (partner != null || backPartner != null) {
      return partner == actual && backPartner == expected
          ? null
          : "shared with another object on one side only: " + text(expected);
    }
    if (expected == actual) {
      return null;
    }
    if (expected instanceof Enum<?> || expected instanceof Class<?>) {
      return differ(expected, actual);
    }
    return type.isArray() ? compareArrays(pair) : compareObjects(pair, type);
  }

  private static boolean isValue(Class<?> type) {
    return VALUES.contains(type.getName())
        || VALUE_PACKAGES.contains(type.getPackageName())
            && isPlatform(type)
            && !type.isEnum()
            && !Throwable.class.isAssignableFrom(type);
  }

  static boolean isPlatform(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private @Nullable String compareArrays(Pair pair) {
    int length = Array.getLength(pair.expected);
    if (length != Array.getLength(pair.actual)) {
      return "an array of " + length + " elements; ours has " + Array.getLength(pair.actual);
    }
    if (pair.expected.getClass().getComponentType().isPrimitive()) {
      boolean equal = Arrays.deepEquals(new Object[] {pair.expected}, new Object[] {pair.actual});
      return equal
          ? null
          : "Java brings "
              + Arrays.deepToString(new Object[] {pair.expected})
              + ", we "
              + Arrays.deepToString(new Object[] {pair.actual});
    }
    for (int i = 0; i < length; i++) {
      later(pair, "[" + i + "]", Array.get(pair.expected, i), Array.get(pair.actual, i));
    }
    return null;
  }

  private @Nullable String compareObjects(Pair pair, Class<?> type) {
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      if (!isPlatform(c)) {
        addFields(pair, c);
      } else if (CONTAINERS.contains(c)) {
        return compareContainers(pair, c);
      } else if (TEXTS.contains(c)) {
        return sameText(pair.expected, pair.actual);
      } else if (c == Date.class) {
        long expected = ((Date) pair.expected).getTime();
        long actual = ((Date) pair.actual).getTime();
        return expected == actual ? null : differ(expected, actual);
      } else if (hasSerialForm(c)) {
        return compareSerialForms(pair);
      } else if (c == Throwable.class) {
        String difference = compareTraces((Throwable) pair.expected, (Throwable) pair.actual);
        if (difference != null) {
          return difference;
        }
        addFields(pair, c);
      } else {
        addFields(pair, c);
      }
    }
    return null;
  }

  private void addFields(Pair pair, Class<?> c) {
    for (InstanceFields.InstanceField field : InstanceFields.declaredBy(c)) {
      boolean ignored =
          IGNORED.contains(c.getName() + "." + field.name())
              || c == Throwable.class && field.name().equals("stackTrace");
      if (!ignored) {
        later(pair, "." + field.name(), field.of(pair.expected), field.of(pair.actual));
      }
    }
  }

  private void later(Pair parent, String step, @Nullable Object expected, @Nullable Object actual) {
    if (expected != null || actual != null) {
      pending.add(new Pair(expected, actual, new Path(parent.path, step)));
    }
  }

  private static @Nullable String sameText(Object expected, Object actual) {
    return expected.toString().equals(actual.toString()) ? null : differ(expected, actual);
  }

  private static @Nullable String compareTraces(Throwable expected, Throwable actual) {
    return Arrays.equals(expected.getStackTrace(), actual.getStackTrace())
        ? null
        : "the stack trace differs";
  }

  /** Formats, calendars, keys and the like: their fields are full of caches. */
  private static boolean hasSerialForm(Class<?> type) {
    for (Class<?> c = type; c != Object.class && c != null; c = c.getSuperclass()) {
      if (isOfSuchPackage(c)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfSuchPackage(Class<?> c) {
    String name = c.getName();
    return name.equals("java.util.Calendar")
        || name.equals("java.util.GregorianCalendar")
        || name.equals("java.util.TimeZone")
        || name.startsWith("java.text.")
        || name.startsWith("java.security.")
        || name.startsWith("java.net.Inet")
        || name.startsWith("java.awt.")
        || name.startsWith("javax.")
        || name.startsWith("com.sun.")
        || name.startsWith("sun.");
  }

  private @Nullable String compareSerialForms(Pair pair) {
    try {
      boolean equal = Arrays.equals(SerialForm.of(pair.expected), SerialForm.of(pair.actual));
      return equal ? null : "the serial forms differ: " + differ(pair.expected, pair.actual);
    } catch (IOException e) {
      return "cannot be written again: " + e;
    }
  }

  // Containers

  private @Nullable String compareContainers(Pair pair, Class<?> container) {
    for (Class<?> c = container; c != null; c = c.getSuperclass()) {
      for (InstanceFields.InstanceField field : InstanceFields.declaredBy(c)) {
        if (CONTAINER_FIELDS.getOrDefault(c, Set.of()).contains(field.name())) {
          later(pair, "." + field.name(), field.of(pair.expected), field.of(pair.actual));
        }
      }
    }
    later(pair, ".comparator()", comparator(pair.expected), comparator(pair.actual));
    List<Entry> expected = entries(pair.expected);
    List<Entry> actual = entries(pair.actual);
    if (expected.size() != actual.size()) {
      return differ(pair.expected, pair.actual);
    }
    if (isUnordered(container, pair.expected)
        || isHashed(container) && !sameHashes(expected, actual)) {
      unordered.add(new Tables(pair, expected, actual));
      return null;
    }
    for (int i = 0; i < expected.size(); i++) {
      String step = "<" + i + ">";
      later(pair, step, expected.get(i).key, actual.get(i).key);
      later(pair, step + "=", expected.get(i).value, actual.get(i).value);
    }
    return compareLookups(pair, expected, actual);
  }

  private static @Nullable Object comparator(Object container) {
    if (container instanceof SortedMap<?, ?> map) {
      return map.comparator();
    }
    if (container instanceof SortedSet<?> set) {
      return set.comparator();
    }
    if (container instanceof PriorityQueue<?> queue) {
      return queue.comparator();
    }
    return container instanceof PriorityBlockingQueue<?> queue ? queue.comparator() : null;
  }

  private static boolean isHashed(Class<?> container) {
    return container == HashMap.class
        || container == HashSet.class
        || container == Hashtable.class
        || container == Properties.class
        || container == ConcurrentHashMap.class;
  }

  /**
   * Whether the order means nothing: it follows from identities, from a load factor, which is room
   * in reserve, or from a number that each JVM draws anew ({@code Set.of}, {@code Map.of}).
   */
  private static boolean isUnordered(Class<?> container, Object value) {
    if (container == IdentityHashMap.class
        || container.getName().startsWith("java.util.ImmutableCollections")) {
      return true;
    }
    Object table = container == HashSet.class ? field(HashSet.class, "map", value) : value;
    return (container == HashSet.class || container == HashMap.class)
        && !Float.valueOf(0.75f).equals(field(HashMap.class, "loadFactor", table));
  }

  private static @Nullable Object field(Class<?> c, String name, Object owner) {
    for (InstanceFields.InstanceField field : InstanceFields.declaredBy(c)) {
      if (field.name().equals(name)) {
        return field.of(owner);
      }
    }
    throw new IllegalStateException(c + " has no field " + name);
  }

  /** What the container's own iterator delivers, and what it throws in the end. */
  private static List<Entry> entries(Object container) {
    List<Entry> entries = new ArrayList<>();
    try {
      if (container instanceof Map<?, ?> map) {
        map.entrySet().forEach(entry -> entries.add(new Entry(entry.getKey(), entry.getValue())));
      } else {
        ((Collection<?>) container)
            .iterator()
            .forEachRemaining(e -> entries.add(new Entry(e, null)));
      }
    } catch (RuntimeException e) {
      entries.add(new Entry(e.getClass().getName(), null));
    }
    return entries;
  }

  /** Whether the order of a table follows from its keys: each has a hash code, on both sides. */
  private static boolean sameHashes(List<Entry> expected, List<Entry> actual) {
    List<String> hashes = hashes(expected);
    return hashes.equals(hashes(actual))
        && hashes.stream().allMatch(hash -> hash.matches("-?[0-9]+"));
  }

  /** The hash codes of the keys, or what calculating them throws, in an order of their own. */
  private static List<String> hashes(List<Entry> entries) {
    List<String> hashes = new ArrayList<>();
    for (Entry entry : entries) {
      hashes.add(outcome(() -> entry.key == null ? 0 : entry.key.hashCode()));
    }
    Collections.sort(hashes);
    return hashes;
  }

  /** Each entry must have a partner of its own. */
  private @Nullable String compareUnordered(Tables tables) {
    List<Entry> left = new ArrayList<>(tables.actual);
    for (Entry entry : tables.expected) {
      int partner = 0;
      while (partner < left.size() && !adopt(tables.pair, entry, left.get(partner))) {
        partner++;
      }
      if (partner == left.size()) {
        return "we have no entry like " + text(entry.key) + " -> " + text(entry.value);
      }
      left.remove(partner);
    }
    return null;
  }

  /** Whether two entries can be partners; if so, all in them are partners from now on. */
  private boolean adopt(Pair pair, Entry expected, Entry actual) {
    Comparison trial = new Comparison(partners, back);
    trial.later(pair, "<key>", expected.key, actual.key);
    trial.later(pair, "<value>", expected.value, actual.value);
    if (trial.run() != null) {
      return false;
    }
    partners.putAll(trial.partners);
    back.putAll(trial.back);
    return true;
  }

  /** A container that holds a key need not find it: its hash code or order may have changed. */
  private static @Nullable String compareLookups(
      Pair pair, List<Entry> expected, List<Entry> actual) {
    String found = lookups(pair.expected, expected);
    String ours = lookups(pair.actual, actual);
    return found.equals(ours)
        ? null
        : "asked for each of its keys, Java's answers " + found + ", ours " + ours;
  }

  private static String lookups(Object container, List<Entry> entries) {
    List<String> answers = new ArrayList<>();
    for (Entry entry : entries) {
      if (container instanceof Map<?, ?> map) {
        answers.add(outcome(() -> map.containsKey(entry.key)));
      } else if (container instanceof Set<?> set) {
        answers.add(outcome(() -> set.contains(entry.key)));
      }
    }
    return answers.toString();
  }

  /** What code of the application answers or throws. */
  private static String outcome(Supplier<Object> question) {
    try {
      return question.get().toString();
    } catch (RuntimeException | StackOverflowError e) {
      return e.getClass().getName();
    }
  }

  private static String differ(@Nullable Object expected, @Nullable Object actual) {
    return "Java brings " + text(expected) + ", we " + text(actual);
  }

  private static String text(@Nullable Object value) {
    String text =
        value == null ? "null" : value.getClass().getSimpleName() + " " + outcome(value::toString);
    return text.length() > 300 ? text.substring(0, 300) + "..." : text;
  }
}
