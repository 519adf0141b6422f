package dev.holdfast.codec.differential;

import java.io.File;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Values of {@code java.lang}, {@code java.util}, {@code java.math}, {@code java.net}. */
final class JdkTypes {
  private final TypeTable table;

  private JdkTypes(TypeTable table) {
    this.table = table;
  }

  /** All of the JDK, with those of {@link JdkServiceTypes}. */
  static TypeTable all() {
    TypeTable table = new TypeTable();
    JdkTypes types = new JdkTypes(table);
    types.addLang();
    types.addCollections();
    types.addSorted();
    types.addWrappers();
    types.addConcurrent();
    types.addFunctions();
    types.addUtil();
    types.addNumbersAndNames();
    JdkServiceTypes.addTo(table);
    return table;
  }

  private void addLang() {
    table.add("String", () -> "text \u00e4 \ud83d\ude80 \0");
    table.add("String.latin1", () -> "caf\u00e9");
    table.add("String.loneSurrogate", () -> "a\ud83db");
    table.add("String.empty", () -> "");
    table.add("String.long", () -> "x\u20ac".repeat(40_000));
    table.add("Integer", () -> Integer.MIN_VALUE);
    table.add("Long", () -> Long.MAX_VALUE);
    table.add("Short", () -> (short) -3);
    table.add("Byte", () -> (byte) -128);
    table.add("Character", () -> '\uffff');
    table.add("Boolean", () -> true);
    table.add("Double.NaN", () -> Double.longBitsToDouble(0x7ff8_0000_0000_0001L));
    table.add("Double.minusZero", () -> -0.0);
    table.add("Float", () -> Float.MIN_VALUE);
    table.add("Object[]", () -> new Object[] {1, "a", null, new int[] {2}});
    table.add("String[]", () -> new String[] {"a", null});
    table.add("String[][]", () -> new String[][] {{"a"}, null, {}});
    table.add("Integer[]", () -> new Integer[] {1, null});
    table.add("Number[]", () -> new Number[] {1, 2L, 3.0});
    table.add("byte[]", () -> new byte[] {1, -1});
    table.add("char[]", () -> new char[] {'a', '\uffff'});
    table.add("int[]", () -> new int[] {1, -1, Integer.MAX_VALUE});
    table.add("long[]", () -> new long[] {1, Long.MIN_VALUE});
    table.add("short[]", () -> new short[] {1, -1});
    table.add("float[]", () -> new float[] {1.5f, Float.NaN});
    table.add("double[]", () -> new double[] {1.5, -0.0});
    table.add("boolean[]", () -> new boolean[] {true, false});
    table.add("int[][][]", () -> new int[][][] {{{1}, {2, 3}}, {}});
    table.add("Class", () -> String.class);
    table.add("Class.primitive", () -> int.class);
    table.add("Class.array", () -> long[][].class);
    table.add("Class.void", () -> void.class);
    table.add("Class.interface", () -> Map.Entry.class);
    table.add("StringBuilder", () -> new StringBuilder("builder"));
    table.add("StringBuffer", () -> new StringBuffer("buffer"));
    table.add("StackTraceElement", () -> new StackTraceElement("A", "b", "C.java", 3));
    table.add("StackTraceElement.module", () -> Thread.currentThread().getStackTrace()[0]);
    table.add("Thread.State", () -> Thread.State.BLOCKED);
    table.add("Throwable.cause", () -> new RuntimeException("outer", new Exception("inner")));
    table.add("Throwable.suppressed", JdkTypes::suppressed);
    table.add("Throwable.noTrace", () -> new Throwable("bare", null, false, false) {}.getClass());
    table.add("Throwable.nullCause", () -> new IllegalStateException("x", null));
    table.add("Error", () -> new OutOfMemoryError("none"));
    table.add("NullPointerException", () -> new NullPointerException("null"));
    table.add("ClassNotFoundException", () -> new ClassNotFoundException("x", new Exception()));
    table.add(
        "InvocationTargetException",
        () -> new java.lang.reflect.InvocationTargetException(new Exception("target")));
    table.add("ExceptionInInitializerError", () -> new ExceptionInInitializerError("init"));
    table.add("IOException", () -> new java.io.IOException("io"));
    table.add(
        "UncheckedIOException",
        () -> new java.io.UncheckedIOException(new java.io.IOException("io")));
    table.add("FileSystemException", () -> new java.nio.file.NoSuchFileException("a", "b", "c"));
    table.add("MissingResourceException", () -> new MissingResourceException("a", "b", "c"));
    table.add("EventObject", () -> new EventObject("source"));
    table.add("Object", Object::new);
    table.add("Character.UnicodeScript", () -> Character.UnicodeScript.LATIN);
    table.add("ProcessBuilder", () -> new ProcessBuilder("x"));
    table.add("Thread", Thread::currentThread);
    table.add("ThreadLocal", ThreadLocal::new);
  }

  private static Object suppressed() {
    Exception exception = new Exception("main");
    exception.addSuppressed(new IllegalStateException("suppressed"));
    return exception;
  }

  private static List<Object> some() {
    return new ArrayList<>(Arrays.asList("a", 1, null, 2.5));
  }

  private static <M extends Map<Object, Object>> M filled(M map) {
    for (int i = 0; i < 40; i++) {
      map.put("key" + i, i);
    }
    return map;
  }

  private static <C extends Collection<Object>> C filled(C collection) {
    for (int i = 0; i < 40; i++) {
      collection.add("element" + i);
    }
    return collection;
  }

  private void addCollections() {
    table.add("ArrayList", JdkTypes::some);
    table.add("ArrayList.empty", () -> new ArrayList<>(100));
    table.add("ArrayList.self", JdkTypes::self);
    table.add("LinkedList", () -> new LinkedList<>(some()));
    table.add("Vector", () -> new Vector<>(some()));
    table.add(
        "Stack",
        () -> {
          Stack<Object> stack = new Stack<>();
          stack.push(1);
          return stack;
        });
    table.add("ArrayDeque", () -> filled(new ArrayDeque<>()));
    table.add("HashMap", () -> filled(new HashMap<>()));
    table.add(
        "HashMap.null",
        () -> {
          Map<Object, Object> map = new HashMap<>();
          map.put(null, null);
          return map;
        });
    table.add("HashMap.large", () -> new HashMap<>(Map.of(1, filled(new HashMap<>(1024)))));
    table.add("HashMap.twelve", () -> numbered(new HashMap<>(), 12));
    table.add("HashMap.thirteen", () -> numbered(new HashMap<>(), 13));
    table.add("HashMap.loadFactor", () -> numbered(new HashMap<>(16, 3f), 60));
    table.add("HashSet", () -> filled(new HashSet<>()));
    table.add(
        "HashSet.loadFactor",
        () -> {
          Set<Object> set = new HashSet<>(16, 3f);
          for (int i = 0; i < 60; i++) {
            set.add(i * 17);
          }
          return set;
        });
    table.add("LinkedHashMap", () -> filled(new LinkedHashMap<>()));
    table.add(
        "LinkedHashMap.access",
        () -> {
          Map<Object, Object> map = filled(new LinkedHashMap<>(16, 0.75f, true));
          map.get("key3");
          return map;
        });
    table.add("LinkedHashSet", () -> filled(new LinkedHashSet<>()));
    table.add("Hashtable", () -> filled(new Hashtable<>()));
    table.add("Hashtable.small", () -> numbered(new Hashtable<>(), 3));
    table.add("Hashtable.capacity", () -> numbered(new Hashtable<>(200), 20));
    table.add(
        "IdentityHashMap",
        () -> {
          Map<Object, Object> map = new IdentityHashMap<>();
          map.put(new ArrayList<>(), 1);
          map.put(new ArrayList<>(), 2);
          return map;
        });
    table.add("WeakHashMap", WeakHashMap::new);
    table.add("EnumMap", () -> new EnumMap<>(Map.of(TimeUnit.DAYS, 1, TimeUnit.HOURS, 2)));
    table.add("EnumMap.empty", () -> new EnumMap<>(TimeUnit.class));
    table.add("EnumSet", () -> EnumSet.of(TimeUnit.DAYS, TimeUnit.HOURS));
    table.add("EnumSet.none", () -> EnumSet.noneOf(TimeUnit.class));
    table.add(
        "EnumSet.jumbo",
        () -> EnumSet.range(Character.UnicodeScript.COMMON, Character.UnicodeScript.YI));
    table.add(
        "Properties",
        () -> {
          Properties p = new Properties();
          p.setProperty("a", "b");
          return p;
        });
    table.add(
        "Properties.defaults",
        () -> {
          Properties d = new Properties();
          d.setProperty("d", "v");
          Properties p = new Properties(d);
          p.setProperty("a", "b");
          return p;
        });
    table.add("Properties.many", () -> filled(new Properties()));
    table.add("Arrays.asList", () -> Arrays.asList("a", null, 1));
    table.add("Arrays.asList.typed", () -> Arrays.asList(new String[] {"a", "b"}));
    table.add("Arrays.asList.numbers", () -> Arrays.asList(1, 2, 3));
    table.add("List.of", List::of);
    table.add("List.of.1", () -> List.of("a"));
    table.add("List.of.3", () -> List.of("a", "b", 3));
    table.add("Stream.toList", () -> Stream.of("a", null).toList());
    table.add("Stream.toList.1", () -> Stream.of("a").toList());
    table.add("Stream.toList.noNull", () -> Stream.of("a", "b", "c").toList());
    table.add("Set.of", Set::of);
    table.add("Set.of.1", () -> Set.of("a"));
    table.add("Set.of.2", () -> Set.of("a", "b"));
    table.add("Set.of.5", () -> Set.of("a", "b", "c", "d", "e"));
    table.add("Map.of", Map::of);
    table.add("Map.of.1", () -> Map.of("a", 1));
    table.add("Map.of.4", () -> Map.of("a", 1, "b", 2, "c", 3, "d", 4));
    table.add("Map.entry", () -> Map.entry("a", 1));
    table.add("List.copyOf", () -> List.copyOf(Set.of("x", "y", "z")));
    table.add("List.of.subList", () -> List.of(1, 2, 3).subList(0, 2));
    table.add("ArrayList.subList", () -> new ArrayList<>(List.of(1, 2, 3)).subList(0, 2));
    table.add("HashMap.keySet", () -> filled(new HashMap<>()).keySet());
    table.add("HashMap.values", () -> filled(new HashMap<>()).values());
    table.add("HashMap.entrySet", () -> filled(new HashMap<>()).entrySet());
    table.add("HashMap.entry", () -> filled(new HashMap<>()).entrySet().iterator().next());
    table.add("SimpleEntry", () -> new AbstractMap.SimpleEntry<>("a", 1));
    table.add("SimpleImmutableEntry", () -> new AbstractMap.SimpleImmutableEntry<>("a", 1));
    table.add(
        "HashMap.selfValue",
        () -> {
          Map<Object, Object> map = new HashMap<>();
          map.put("self", map);
          return map;
        });
    table.add(
        "HashMap.inKey",
        () -> {
          Map<Object, Object> map = new LinkedHashMap<>();
          List<Object> key = new ArrayList<>();
          map.put(key, 1);
          key.add("changed");
          return map;
        });
    table.add(
        "HashSet.inElement",
        () -> {
          List<Object> element = new ArrayList<>();
          Set<Object> set = new HashSet<>();
          set.add(element);
          element.add("changed");
          return set;
        });
    table.add("HashSet.becameEqual", JdkTypes::becameEqual);
    table.add("BitSet", () -> BitSet.valueOf(new long[] {5, 0, 9}));
    table.add("BitSet.empty", () -> new BitSet(300));
  }

  private static Object self() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    return list;
  }

  private static Object numbered(Map<Object, Object> map, int count) {
    for (int i = 0; i < count; i++) {
      map.put(i * 17, i);
    }
    return map;
  }

  /** Two elements that are equal by now: Java serialization brings one. */
  private static Object becameEqual() {
    List<Object> first = new ArrayList<>(List.of("first"));
    List<Object> second = new ArrayList<>(List.of("second"));
    Set<Object> set = new LinkedHashSet<>(List.of(first, second));
    first.set(0, "second");
    return set;
  }

  /** Sorted by a number that can change. */
  static final class Ranked implements Comparable<Ranked>, Serializable {
    private static final long serialVersionUID = 1L;
    private final String name;
    int rank;
    @org.jspecify.annotations.Nullable Object owner;

    Ranked(String name, int rank) {
      this.name = name;
      this.rank = rank;
    }

    @Override
    public int compareTo(Ranked other) {
      return Integer.compare(rank, other.rank);
    }

    @Override
    public String toString() {
      return name + rank;
    }
  }

  private static final class ByRank implements Comparator<Ranked>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(Ranked a, Ranked b) {
      return Integer.compare(a.rank, b.rank);
    }
  }

  private static Stream<Ranked> ranked(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Ranked("r", i));
  }

  /** Elements whose rank became equal after they were put in, and that lead back. */
  private static Object changed(Collection<Ranked> collection, boolean cyclic) {
    ranked(20).forEach(collection::add);
    List<Ranked> elements = new ArrayList<>(collection);
    elements.get(3).rank = 4;
    elements.get(7).rank = 100;
    if (cyclic) {
      elements.forEach(element -> element.owner = collection);
      return elements.get(2);
    }
    return collection;
  }

  private static Object changed(Map<Ranked, Object> map, boolean cyclic) {
    ranked(20).forEach(key -> map.put(key, "v" + key.rank));
    List<Ranked> keys = new ArrayList<>(map.keySet());
    keys.get(3).rank = 4;
    keys.get(7).rank = 100;
    if (cyclic) {
      keys.forEach(key -> key.owner = map);
      return keys.get(2);
    }
    return map;
  }

  private void addSorted() {
    table.add("TreeMap", () -> filled(new TreeMap<>()));
    table.add("TreeSet", () -> filled(new TreeSet<>()));
    table.add("TreeMap.comparator", () -> filled(new TreeMap<>(Collections.reverseOrder())));
    table.add(
        "TreeMap.caseInsensitive",
        () -> {
          Map<String, Object> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          map.put("B", 1);
          map.put("a", 2);
          return map;
        });
    table.add("TreeMap.changed", () -> changed(new TreeMap<>(), false));
    table.add("TreeSet.changed", () -> changed(new TreeSet<>(), false));
    table.add("TreeSet.changedByComparator", () -> changed(new TreeSet<>(new ByRank()), false));
    table.add("TreeMap.cyclic", () -> changed(new TreeMap<>(), true));
    table.add("TreeSet.cyclic", () -> changed(new TreeSet<>(), true));
    table.add("TreeSet.cyclicByComparator", () -> changed(new TreeSet<>(new ByRank()), true));
    table.add("ConcurrentSkipListMap", () -> filled(new ConcurrentSkipListMap<>()));
    table.add("ConcurrentSkipListSet", () -> filled(new ConcurrentSkipListSet<>()));
    table.add("ConcurrentSkipListMap.changed", () -> changed(new ConcurrentSkipListMap<>(), false));
    table.add("ConcurrentSkipListSet.changed", () -> changed(new ConcurrentSkipListSet<>(), false));
    table.add("ConcurrentSkipListMap.cyclic", () -> changed(new ConcurrentSkipListMap<>(), true));
    table.add("ConcurrentSkipListSet.cyclic", () -> changed(new ConcurrentSkipListSet<>(), true));
    table.add("PriorityQueue", () -> filled(new PriorityQueue<>(Collections.reverseOrder())));
    table.add("PriorityQueue.changed", () -> changed(new PriorityQueue<>(), false));
    table.add("PriorityQueue.cyclic", () -> changed(new PriorityQueue<>(new ByRank()), true));
    table.add("PriorityBlockingQueue", () -> filled(new PriorityBlockingQueue<>()));
    table.add("PriorityBlockingQueue.changed", () -> changed(new PriorityBlockingQueue<>(), false));
    table.add("TreeMap.subMap", () -> filled(new TreeMap<>()).subMap("key2", "key4"));
    table.add("TreeMap.descending", () -> filled(new TreeMap<>()).descendingMap());
    table.add("TreeSet.headSet", () -> filled(new TreeSet<>()).headSet("element3"));
    table.add("TreeSet.descending", () -> filled(new TreeSet<>()).descendingSet());
    table.add(
        "ConcurrentSkipListMap.subMap",
        () -> filled(new ConcurrentSkipListMap<>()).subMap("key2", "key4"));
    table.add("TreeMap.keySet", () -> filled(new TreeMap<>()).navigableKeySet());
    table.add("TreeMap.empty", TreeMap::new);
    table.add(
        "TreeMap.nullKey",
        () -> {
          TreeMap<Object, Object> map =
              new TreeMap<>(Comparator.nullsFirst(Collections.reverseOrder()));
          map.put(null, 1);
          return map;
        });
  }

  private void addWrappers() {
    table.add("unmodifiableCollection", () -> Collections.unmodifiableCollection(some()));
    table.add("unmodifiableList", () -> Collections.unmodifiableList(some()));
    table.add(
        "unmodifiableList.linked", () -> Collections.unmodifiableList(new LinkedList<>(some())));
    table.add("unmodifiableSet", () -> Collections.unmodifiableSet(filled(new HashSet<>())));
    table.add(
        "unmodifiableSortedSet", () -> Collections.unmodifiableSortedSet(filled(new TreeSet<>())));
    table.add(
        "unmodifiableNavigableSet",
        () -> Collections.unmodifiableNavigableSet(filled(new TreeSet<>())));
    table.add("unmodifiableMap", () -> Collections.unmodifiableMap(filled(new HashMap<>())));
    table.add(
        "unmodifiableSortedMap", () -> Collections.unmodifiableSortedMap(filled(new TreeMap<>())));
    table.add(
        "unmodifiableNavigableMap",
        () -> Collections.unmodifiableNavigableMap(filled(new TreeMap<>())));
    table.add(
        "unmodifiableMap.entrySet",
        () -> Collections.unmodifiableMap(filled(new HashMap<>())).entrySet());
    table.add("synchronizedCollection", () -> Collections.synchronizedCollection(some()));
    table.add("synchronizedList", () -> Collections.synchronizedList(some()));
    table.add(
        "synchronizedList.linked", () -> Collections.synchronizedList(new LinkedList<>(some())));
    table.add(
        "synchronizedList.nested",
        () -> {
          List<Object> list = Collections.synchronizedList(some());
          list.add(list);
          return list;
        });
    table.add("synchronizedSet", () -> Collections.synchronizedSet(filled(new HashSet<>())));
    table.add(
        "synchronizedSortedSet", () -> Collections.synchronizedSortedSet(filled(new TreeSet<>())));
    table.add(
        "synchronizedNavigableSet",
        () -> Collections.synchronizedNavigableSet(filled(new TreeSet<>())));
    table.add("synchronizedMap", () -> Collections.synchronizedMap(filled(new HashMap<>())));
    table.add(
        "synchronizedSortedMap", () -> Collections.synchronizedSortedMap(filled(new TreeMap<>())));
    table.add(
        "synchronizedNavigableMap",
        () -> Collections.synchronizedNavigableMap(filled(new TreeMap<>())));
    table.add(
        "checkedList", () -> Collections.checkedList(new ArrayList<>(List.of(1)), Integer.class));
    table.add("checkedSet", () -> Collections.checkedSet(new HashSet<>(List.of(1)), Integer.class));
    table.add(
        "checkedQueue",
        () -> Collections.checkedQueue(new LinkedList<>(List.of(1)), Integer.class));
    table.add(
        "checkedMap",
        () -> Collections.checkedMap(new HashMap<>(Map.of("a", 1)), String.class, Integer.class));
    table.add(
        "checkedSortedMap",
        () ->
            Collections.checkedSortedMap(
                new TreeMap<>(Map.of("a", 1)), String.class, Integer.class));
    table.add(
        "checkedNavigableSet",
        () -> Collections.checkedNavigableSet(new TreeSet<>(List.of(1)), Integer.class));
    table.add("emptyList", Collections::emptyList);
    table.add("emptySet", Collections::emptySet);
    table.add("emptyMap", Collections::emptyMap);
    table.add("emptySortedMap", Collections::emptySortedMap);
    table.add("emptyNavigableSet", Collections::emptyNavigableSet);
    table.add("emptyIterator", Collections::emptyIterator);
    table.add("singleton", () -> Collections.singleton("a"));
    table.add("singletonList", () -> Collections.singletonList(null));
    table.add("singletonMap", () -> Collections.singletonMap("a", null));
    table.add("nCopies", () -> Collections.nCopies(5, "a"));
    table.add(
        "newSetFromMap",
        () -> {
          Set<Object> set = Collections.newSetFromMap(new LinkedHashMap<>());
          set.add(1);
          return set;
        });
    table.add(
        "newSetFromMap.identity",
        () -> {
          Set<Object> set = Collections.newSetFromMap(new IdentityHashMap<>());
          set.add(new ArrayList<>());
          return set;
        });
    table.add("asLifoQueue", () -> Collections.asLifoQueue(new ArrayDeque<>(List.of(1, 2))));
    table.add(
        "unmodifiable.cycle",
        () -> {
          List<Object> list = new ArrayList<>();
          list.add(Collections.unmodifiableList(list));
          return list;
        });
    table.add(
        "List.of.shared",
        () -> {
          List<Object> shared = new ArrayList<>(List.of("shared"));
          return List.of(shared, shared);
        });
    table.add(
        "List.of.cycle",
        () -> {
          List<Object> list = new ArrayList<>();
          list.add(List.of(list, 1, 2));
          return list;
        });
  }

  private void addConcurrent() {
    table.add("ConcurrentHashMap", () -> filled(new ConcurrentHashMap<>()));
    for (int size : new int[] {1, 10, 11, 12, 13, 24, 25}) {
      table.add("ConcurrentHashMap." + size, () -> numbered(new ConcurrentHashMap<>(), size));
    }
    table.add("ConcurrentHashMap.capacity", () -> numbered(new ConcurrentHashMap<>(500), 20));
    table.add(
        "ConcurrentHashMap.newKeySet",
        () -> {
          Set<Object> set = ConcurrentHashMap.newKeySet();
          set.add(1);
          return set;
        });
    table.add("ConcurrentHashMap.keySet", () -> filled(new ConcurrentHashMap<>()).keySet());
    table.add("ConcurrentLinkedQueue", () -> filled(new ConcurrentLinkedQueue<>()));
    table.add("ConcurrentLinkedDeque", () -> filled(new ConcurrentLinkedDeque<>()));
    table.add("CopyOnWriteArrayList", () -> filled(new CopyOnWriteArrayList<>()));
    table.add("CopyOnWriteArraySet", () -> filled(new CopyOnWriteArraySet<>()));
    table.add("ArrayBlockingQueue", () -> filled(new ArrayBlockingQueue<>(64)));
    table.add("LinkedBlockingQueue", () -> filled(new LinkedBlockingQueue<>(64)));
    table.add("LinkedBlockingDeque", () -> filled(new LinkedBlockingDeque<>(64)));
    table.add("LinkedTransferQueue", () -> filled(new LinkedTransferQueue<>()));
    table.add("SynchronousQueue", SynchronousQueue::new);
    table.add("DelayQueue", DelayQueue::new);
    table.add("AtomicInteger", () -> new AtomicInteger(-1));
    table.add("AtomicLong", () -> new AtomicLong(-1));
    table.add("AtomicBoolean", () -> new AtomicBoolean(true));
    table.add("AtomicReference", () -> new AtomicReference<>(some()));
    table.add(
        "AtomicReference.self",
        () -> {
          AtomicReference<Object> r = new AtomicReference<>();
          r.set(r);
          return r;
        });
    table.add("AtomicIntegerArray", () -> new AtomicIntegerArray(new int[] {1, 2}));
    table.add("AtomicLongArray", () -> new AtomicLongArray(new long[] {1, 2}));
    table.add("AtomicReferenceArray", () -> new AtomicReferenceArray<>(new String[] {"a"}));
    table.add("AtomicStampedReference", () -> new AtomicStampedReference<>("a", 1));
    table.add(
        "LongAdder",
        () -> {
          LongAdder adder = new LongAdder();
          adder.add(5);
          return adder;
        });
    table.add(
        "DoubleAdder",
        () -> {
          DoubleAdder adder = new DoubleAdder();
          adder.add(5);
          return adder;
        });
    table.add("LongAccumulator", () -> new LongAccumulator((LongBinary) Long::sum, 3));
    table.add("ReentrantLock", ReentrantLock::new);
    table.add("ReentrantLock.fair", () -> new ReentrantLock(true));
    table.add(
        "ReentrantLock.held",
        () -> {
          ReentrantLock lock = new ReentrantLock();
          lock.lock();
          return lock;
        });
    table.add("ReentrantReadWriteLock", ReentrantReadWriteLock::new);
    table.add("StampedLock", StampedLock::new);
    table.add("Semaphore", () -> new Semaphore(3));
    table.add("CountDownLatch", () -> new CountDownLatch(1));
    table.add("CompletableFuture", () -> CompletableFuture.completedFuture(1));
    table.add("TimeUnit", () -> TimeUnit.DAYS);
    table.add("ExecutionException", () -> new ExecutionException(new Exception("cause")));
    table.add("TimeoutException", TimeoutException::new);
  }

  private interface LongBinary extends java.util.function.LongBinaryOperator, Serializable {}

  private void addFunctions() {
    String captured = "captured";
    List<Object> list = some();
    table.add("lambda", () -> (Supplier<Object> & Serializable) () -> captured);
    table.add(
        "lambda.captures", () -> (Supplier<Object> & Serializable) () -> list.size() + captured);
    table.add("lambda.plain", () -> (Supplier<Object>) () -> captured);
    table.add("methodReference", () -> (Function<Object, Object> & Serializable) String::valueOf);
    table.add("methodReference.bound", () -> (Supplier<Object> & Serializable) list::size);
    table.add("constructorReference", () -> (Supplier<Object> & Serializable) ArrayList::new);
    table.add("naturalOrder", Comparator::naturalOrder);
    table.add("reverseOrder", Collections::reverseOrder);
    table.add("reverseOrder.of", () -> Collections.reverseOrder(new ByRank()));
    table.add("caseInsensitive", () -> String.CASE_INSENSITIVE_ORDER);
    table.add("caseInsensitive.reversed", () -> String.CASE_INSENSITIVE_ORDER.reversed());
    table.add("comparingByKey", () -> Map.Entry.<String, Object>comparingByKey());
    table.add("comparingByValue", () -> Map.Entry.comparingByValue(String.CASE_INSENSITIVE_ORDER));
    table.add("nullsFirst", () -> Comparator.nullsFirst(Comparator.<Integer>naturalOrder()));
    table.add(
        "comparing",
        () ->
            Comparator.comparing((Function<String, Integer> & Serializable) String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    table.add("thenComparing", () -> new ByRank().thenComparing(new ByRank()));
    table.add(
        "TreeSet.lambda",
        () -> {
          Set<String> set =
              new TreeSet<>((Comparator<String> & Serializable) (a, b) -> b.compareTo(a));
          set.add("a");
          set.add("b");
          return set;
        });
    table.add("Function.identity", Function::identity);
    table.add(
        "proxy",
        () ->
            java.lang.reflect.Proxy.newProxyInstance(
                JdkTypes.class.getClassLoader(),
                new Class<?>[] {Runnable.class},
                new Handler("h")));
  }

  private record Handler(String name) implements java.lang.reflect.InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      return method.getName().equals("hashCode")
          ? (Object) 1
          : method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : name;
    }
  }

  private void addUtil() {
    table.add("Optional", () -> Optional.of("a"));
    table.add("Optional.empty", Optional::empty);
    table.add("Optional.inList", () -> new ArrayList<>(List.of(Optional.of(1))));
    table.add("OptionalInt", () -> OptionalInt.of(3));
    table.add("OptionalLong", OptionalLong::empty);
    table.add("OptionalDouble", () -> OptionalDouble.of(Double.NaN));
    table.add("UUID", () -> new UUID(1, -2));
    table.add("Locale", () -> Locale.GERMANY);
    table.add("Locale.root", () -> Locale.ROOT);
    table.add("Locale.norwegian", () -> new Locale("no", "NO", "NY"));
    table.add("Locale.japanese", () -> new Locale("ja", "JP", "JP"));
    table.add("Locale.thai", () -> new Locale("th", "TH", "TH"));
    table.add("Locale.extension", () -> Locale.forLanguageTag("th-TH-u-ca-buddhist-nu-thai"));
    table.add("Locale.attribute", () -> Locale.forLanguageTag("de-u-attr-co-phonebk-x-private"));
    table.add(
        "Locale.script",
        () -> new Locale.Builder().setLanguage("zh").setScript("Hant").setRegion("TW").build());
    table.add("Locale.illFormed", () -> new Locale("xx_bad", "Y", "v a r"));
    table.add("Locale.hebrew", () -> new Locale("iw", "IL"));
    table.add("Locale.variant", () -> new Locale("de", "DE", "POSIX"));
    table.add("Currency", () -> Currency.getInstance("EUR"));
    table.add("Random", () -> new Random(42));
    table.add(
        "Random.used",
        () -> {
          Random random = new Random(42);
          random.nextGaussian();
          return random;
        });
    table.add("SplittableRandom", () -> new SplittableRandom(1));
    table.add("ThreadLocalRandom", ThreadLocalRandom::current);
    table.add("StringJoiner", () -> new StringJoiner(","));
    table.add("StringTokenizer", () -> new StringTokenizer("a b"));
    table.add("Scanner", () -> new Scanner("a"));
    table.add("Base64", Base64::getEncoder);
    table.add("Pattern", () -> Pattern.compile("a+", Pattern.MULTILINE));
    table.add("Pattern.inline", () -> Pattern.compile("item-(?i)[a-z]+"));
    table.add("Pattern.inlineOff", () -> Pattern.compile("abc(?-i)def", Pattern.CASE_INSENSITIVE));
    table.add("Pattern.comments", () -> Pattern.compile("two words(?x) [0-9] # digit"));
    table.add("Pattern.dotall", () -> Pattern.compile("a.b(?s).*"));
    table.add(
        "Pattern.literal",
        () -> Pattern.compile("a.b", Pattern.LITERAL | Pattern.CASE_INSENSITIVE));
    table.add("Pattern.unicode", () -> Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS));
    table.add("Pattern.canonical", () -> Pattern.compile("\u00e9", Pattern.CANON_EQ));
    table.add("Pattern.inUnicode", () -> Pattern.compile("(?U)\\w(?d)."));
    table.add("Pattern.predicate", () -> Pattern.compile("a").asPredicate());
    table.add("Matcher", () -> Pattern.compile("a").matcher("a"));
    table.add("logging.Level", () -> Level.FINE);
    table.add(
        "logging.LogRecord",
        () -> {
          var record = new java.util.logging.LogRecord(Level.INFO, "message");
          record.setParameters(new Object[] {1});
          return record;
        });
    table.add("Formatter", Formatter::new);
    table.add("PropertyChangeEvent", () -> new java.beans.PropertyChangeEvent("source", "p", 1, 2));
    table.add("PropertyChangeSupport", () -> new java.beans.PropertyChangeSupport("source"));
    table.add("PropertyPermission", () -> new PropertyPermission("a", "read"));
    table.add("DoubleSummaryStatistics", DoubleSummaryStatistics::new);
  }

  private void addNumbersAndNames() {
    table.add("BigDecimal", () -> new BigDecimal("-12345678901234567890.1234500"));
    table.add("BigDecimal.small", () -> BigDecimal.valueOf(5, -3));
    table.add("BigDecimal.zero", () -> new BigDecimal("0E+9"));
    table.add("BigInteger", () -> BigInteger.TWO.pow(300).negate());
    table.add("BigInteger.zero", () -> BigInteger.ZERO);
    table.add("MathContext", () -> new MathContext(7, RoundingMode.CEILING));
    table.add("RoundingMode", () -> RoundingMode.HALF_EVEN);
    table.add("URI", () -> URI.create("http://user@host:80/a%20b?q=\u00e4#f"));
    table.add("URI.opaque", () -> URI.create("mailto:a@b"));
    table.add("URI.space", () -> new URI("http", "host", "/a b", "f"));
    table.add("URL", () -> new URL("http://127.0.0.1/a?b#c"));
    table.add("Inet4Address", () -> InetAddress.getByAddress("name", new byte[] {127, 0, 0, 1}));
    table.add("Inet4Address.bare", () -> InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    table.add("Inet6Address", () -> InetAddress.getByAddress("six", new byte[16]));
    table.add(
        "InetSocketAddress",
        () -> new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 80));
    table.add("InetSocketAddress.unresolved", () -> InetSocketAddress.createUnresolved("host", 80));
    table.add("HttpCookie", () -> new java.net.HttpCookie("a", "b"));
    table.add("URISyntaxException", () -> new java.net.URISyntaxException("a", "b", 1));
    table.add("File", () -> new File("a/b"));
    table.add("Path", () -> java.nio.file.Path.of("a"));
    table.add("Charset", () -> java.nio.charset.StandardCharsets.UTF_8);
    table.add("ByteBuffer", () -> java.nio.ByteBuffer.allocate(3));
    table.add("StandardOpenOption", () -> java.nio.file.StandardOpenOption.CREATE);
  }
}
