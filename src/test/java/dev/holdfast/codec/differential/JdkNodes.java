package dev.holdfast.codec.differential;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JDK's own objects in random graphs. */
final class JdkNodes {

  private JdkNodes() {}

  /** Compares what generated classes have in common. */
  private static final class ByNumber implements Comparator<Object>, java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private final boolean down;

    private ByNumber(boolean down) {
      this.down = down;
    }

    @Override
    public int compare(Object a, Object b) {
      int order = Integer.compare(((Cell) a).number(), ((Cell) b).number());
      return down ? -order : order;
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Comparator<Object> comparator(Random random, Object a) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new ByNumber(random.nextBoolean());
      case 2 -> Collections.reverseOrder();
      case 3 -> Collections.reverseOrder(new ByNumber(false));
      case 4 -> (Comparator<Object>) (Comparator<?>) Comparator.naturalOrder();
      case 5 -> a instanceof Comparator<?> given ? (Comparator<Object>) given : null;
      default -> null;
    };
  }

  /** Something that elements can be added to later. */
  static Object container(Random random, Object a) {
    return switch (random.nextInt(32)) {
      case 0, 1, 2 -> new ArrayList<>();
      case 3 -> new LinkedList<>();
      case 4 -> new Vector<>();
      case 5 -> new ArrayDeque<>();
      case 6, 7 -> new HashMap<>();
      case 8, 9 -> new LinkedHashMap<>(16, 0.75f, random.nextInt(3) == 0);
      case 10, 11 -> new TreeMap<>(comparator(random, a));
      case 12, 13 -> new TreeSet<>(comparator(random, a));
      case 14 -> new PriorityQueue<>(comparator(random, a));
      case 15, 16 -> new HashSet<>();
      case 17 -> new LinkedHashSet<>();
      case 18 -> new Hashtable<>();
      case 19 -> new ConcurrentHashMap<>();
      case 20 -> new IdentityHashMap<>();
      case 21 -> new CopyOnWriteArrayList<>();
      case 22 -> new CopyOnWriteArraySet<>();
      case 23 -> new ConcurrentSkipListMap<>(comparator(random, a));
      case 24 -> new ConcurrentSkipListSet<>(comparator(random, a));
      case 25 ->
          random.nextBoolean() ? new ConcurrentLinkedQueue<>() : new ConcurrentLinkedDeque<>();
      case 26 -> new Object[3];
      case 27 -> random.nextBoolean() ? new AtomicReference<>() : new AtomicReferenceArray<>(3);
      case 28 -> new Stack<>();
      case 29 -> new LinkedBlockingQueue<>(100);
      case 30 -> new Cell[3];
      default -> Arrays.asList(new Object[3]);
    };
  }

  /** Something made of two objects. */
  @SuppressWarnings("unchecked")
  static Object composed(Random random, Object a, Object b) {
    return switch (random.nextInt(24)) {
      case 0 -> List.of(a, b);
      case 1 -> List.of(a, b, "third");
      case 2 -> a.equals(b) ? Set.of(a) : Set.of(a, b);
      case 3 -> Map.of(a, b);
      case 4 -> wrapped(random, a);
      case 5 -> wrapped(random, b);
      case 6 -> wrapped(random, random.nextBoolean() ? a : b);
      case 7 -> Collections.singletonList(a);
      case 8 -> Collections.singletonMap(a, b);
      case 9 -> Collections.nCopies(3, a);
      case 10 -> new AbstractMap.SimpleEntry<>(a, b);
      case 11 -> new Object[] {a, b, a};
      case 12 -> new Object[][] {{a}, {b, null}};
      case 13 -> Arrays.asList(a, b, null);
      case 14 ->
          new IllegalStateException(
              "cause", a instanceof Throwable cause ? cause : new Exception("inner"));
      case 15 -> new AbstractMap.SimpleImmutableEntry<>(a, b);
      case 16 -> {
        Properties properties = new Properties(new Properties());
        properties.put("a", a);
        properties.setProperty("b", "text");
        yield properties;
      }
      case 17 -> random.nextInt(3) == 0 ? Optional.of(a) : Arrays.asList(a);
      case 18 ->
          random.nextInt(4) == 0 ? Map.entry(a, b) : java.util.stream.Stream.of(a, b).toList();
      case 19 ->
          a instanceof NavigableMap<?, ?> map ? map.descendingMap() : new AtomicReference<>(a);
      case 20 -> Collections.newSetFromMap(new ConcurrentHashMap<>());
      case 21 -> Collections.asLifoQueue(new ArrayDeque<>(List.of(a)));
      case 22 ->
          a instanceof Comparator<?> given
              ? Collections.reverseOrder((Comparator<Object>) given)
              : List.copyOf(List.of(a));
      default -> new AtomicReference<>(b);
    };
  }

  @SuppressWarnings("unchecked")
  private static Object wrapped(Random random, Object inner) {
    int kind = random.nextInt(3);
    if (inner instanceof SortedMap<?, ?> map) {
      return kind == 0
          ? Collections.unmodifiableSortedMap(map)
          : Collections.synchronizedSortedMap(map);
    } else if (inner instanceof Map<?, ?> map) {
      return kind == 0
          ? Collections.unmodifiableMap(map)
          : kind == 1
              ? Collections.synchronizedMap(map)
              : Collections.checkedMap((Map<Object, Object>) map, Object.class, Object.class);
    } else if (inner instanceof SortedSet<?> set) {
      return kind == 0
          ? Collections.unmodifiableSortedSet(set)
          : Collections.synchronizedSortedSet(set);
    } else if (inner instanceof Set<?> set) {
      return kind == 0 ? Collections.unmodifiableSet(set) : Collections.synchronizedSet(set);
    } else if (inner instanceof List<?> list) {
      return kind == 0
          ? Collections.unmodifiableList(list)
          : kind == 1
              ? Collections.synchronizedList(list)
              : Collections.checkedList((List<Object>) list, Object.class);
    } else if (inner instanceof Collection<?> collection) {
      return Collections.unmodifiableCollection(collection);
    }
    return Collections.singleton(inner);
  }

  /** A value without parts. */
  static Object leaf(Random random) {
    int n = random.nextInt(10);
    return switch (random.nextInt(24)) {
      case 0, 1, 2 -> n;
      case 3, 4 -> "text" + n;
      case 5 -> new Date(n * 1000L);
      case 6 -> BigDecimal.valueOf(n, 3);
      case 7 -> TimeUnit.values()[n % 7];
      case 8 -> LocalDate.ofEpochDay(n);
      case 9 -> Instant.ofEpochSecond(n, n);
      case 10 -> new UUID(n, n);
      case 11 -> new int[] {n, 1};
      case 12 -> new StringBuilder("builder" + n);
      case 13 -> new Timestamp(n * 1001L);
      case 14 -> Locale.forLanguageTag("de-DE");
      case 15 ->
          Pattern.compile(
              "a" + n + (n % 2 == 0 ? "(?i)b" : ""), n % 3 == 0 ? Pattern.MULTILINE : 0);
      case 16 -> n % 2 == 0 ? String.class : int[].class;
      case 17 -> BitSet.valueOf(new long[] {n});
      case 18 -> new AtomicInteger(n);
      case 19 -> n == 0 ? new Object() : (Object) (long) n;
      case 20 -> n == 0 ? Thread.currentThread() : (Object) (char) ('a' + n);
      case 21 -> new byte[][] {{1}, {(byte) n}};
      case 22 -> n % 2 == 0 ? String.CASE_INSENSITIVE_ORDER : Comparator.naturalOrder();
      default -> n % 2 == 0 ? List.of() : Collections.emptyMap();
    };
  }

  /** Adds to a container; one that cannot take the element throws what it likes. */
  @SuppressWarnings("unchecked")
  static void add(
      Object container, Random random, @Nullable Object element, @Nullable Object other) {
    if (container instanceof Map<?, ?> map) {
      Object key = random.nextInt(3) == 0 ? "key" + random.nextInt(5) : element;
      ((Map<Object, Object>) map).put(key, random.nextBoolean() ? other : element);
    } else if (container instanceof Object[] array) {
      array[random.nextInt(array.length)] = element;
    } else if (container instanceof AtomicReference<?> reference) {
      ((AtomicReference<Object>) reference).set(element);
    } else if (container instanceof AtomicReferenceArray<?> array) {
      ((AtomicReferenceArray<Object>) array).set(random.nextInt(3), element);
    } else if (container instanceof List<?> list && random.nextInt(4) == 0 && !list.isEmpty()) {
      ((List<Object>) list).set(0, element);
    } else if (container instanceof Collection<?> collection) {
      ((Collection<Object>) collection).add(element);
    }
  }
}
