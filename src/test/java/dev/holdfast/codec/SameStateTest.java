package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.sql.Timestamp;
import java.text.SimpleDateFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.GregorianCalendar;
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
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.Stack;
import java.util.TimeZone;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values of the JDK come back in the very state in which Java serialization brings them, spare room
 * and order of iteration included: what both bring is serialized once more and has the same bytes.
 */
class SameStateTest {
  private static final int[] SIZES = {0, 1, 2, 3, 5, 6, 7, 11, 12, 13, 24, 25, 48, 100, 1000};

  private final AttributeCodec here = Codecs.ofTests();
  private final AttributeCodec there = Codecs.ofTests();

  private void assertSameState(Object value) throws Exception {
    byte[] java = JavaSerialization.bytes(JavaSerialization.roundTrip(value));
    byte[] read = JavaSerialization.bytes(there.decode(here.encode(value)));
    assertThat(Arrays.equals(read, java)).as("%s", value.getClass()).isTrue();
  }

  static Stream<IntFunction<Object>> sized() {
    return Stream.of(
        n -> filled(new ArrayList<>(), n),
        n -> filled(new LinkedList<>(), n),
        n -> filled(new HashSet<>(), n),
        n -> filled(new HashSet<>(1000), n),
        n -> filled(new LinkedHashSet<>(), n),
        n -> filled(new TreeSet<>(), n),
        n -> filled(new TreeSet<>(Comparator.reverseOrder()), n),
        n -> filled(new ArrayDeque<>(), n),
        n -> filled(new Vector<>(), n),
        n -> filled(new Vector<>(3, 5), n),
        n -> filled(new Stack<>(), n),
        n -> filled(new PriorityQueue<>(), n),
        n -> filled(new PriorityQueue<>(Comparator.reverseOrder()), n),
        n -> filled(new CopyOnWriteArrayList<>(), n),
        n -> filled(new CopyOnWriteArraySet<>(), n),
        n -> filled(new ConcurrentSkipListSet<>(), n),
        n -> filled(new ConcurrentLinkedQueue<>(), n),
        n -> filled(new ConcurrentLinkedDeque<>(), n),
        n -> filled(new HashMap<>(), n),
        n -> filled(new LinkedHashMap<>(), n),
        n -> filled(new LinkedHashMap<>(16, 0.75f, true), Math.max(n, 1)),
        n -> filled(new TreeMap<>(), n),
        n -> filled(new TreeMap<>(Collections.reverseOrder()), n),
        n -> filled(new Hashtable<>(), n),
        n -> filled(new Properties(), n),
        n -> filled(new ConcurrentHashMap<>(), n),
        n -> filled(new ConcurrentSkipListMap<>(), n),
        n -> List.copyOf(filled(new ArrayList<>(), n)),
        n -> Stream.iterate(0, i -> i + 1).limit(n).toList(),
        n -> Arrays.asList(filled(new ArrayList<>(), n).toArray(new String[0])),
        n -> Set.copyOf(filled(new HashSet<>(), Math.min(n, 2))),
        n -> Map.copyOf(filled(new HashMap<>(), Math.min(n, 1))));
  }

  private static Collection<String> filled(Collection<String> collection, int size) {
    IntStream.range(0, size).forEach(i -> collection.add("element " + i * 7919));
    return collection;
  }

  private static Map<? super String, ? super String> filled(
      Map<? super String, ? super String> map, int size) {
    IntStream.range(0, size).forEach(i -> map.put("key " + i * 7919, "value"));
    return map;
  }

  @ParameterizedTest
  @MethodSource("sized")
  void ofEverySize(IntFunction<Object> kind) throws Exception {
    for (int size : SIZES) {
      assertSameState(kind.apply(size));
    }
  }

  static Stream<Supplier<Object>> others() {
    return Stream.of(
        () -> new StringBuilder("text"),
        () -> new StringBuilder(100).append("text"),
        () -> new StringBuffer("text"),
        () -> new BitSet(1000),
        () -> {
          BitSet bits = new BitSet();
          bits.set(3);
          bits.set(300);
          bits.clear(300);
          return bits;
        },
        () -> new BigDecimal("1.50"),
        () -> new BigInteger("-1234567890123456789012"),
        () -> new Date(5),
        () -> new Timestamp(1_700_000_000_123L),
        () -> new java.sql.Date(5),
        () -> new java.sql.Time(5),
        () -> {
          GregorianCalendar calendar = new GregorianCalendar(Locale.GERMANY);
          calendar.setLenient(false);
          calendar.clear();
          calendar.set(GregorianCalendar.MONTH, 3);
          return calendar;
        },
        () -> TimeZone.getTimeZone("Europe/Paris"),
        () -> new SimpleDateFormat("yyyy", Locale.FRANCE),
        () -> new Locale("ja", "JP", "JP"),
        () -> new Locale("th", "TH", "TH"),
        () -> new Locale("no", "NO", "NY"),
        () -> new Locale("xx", "", "weird_variant"),
        () -> Locale.forLanguageTag("zh-Hant-TW-u-ca-roc-x-mine"),
        () -> new Locale.Builder().setLanguage("sr").setScript("Latn").setRegion("RS").build(),
        () -> new Locale.Builder().setExtension('a', "ext").build(),
        () -> URI.create("HTTP://example.org:80/%7ea/../b?q#f"),
        () -> new UUID(1, 2),
        () -> Currency.getInstance("JPY"),
        () -> Duration.ofSeconds(-1, 5),
        () -> Instant.MAX,
        () -> Period.ofMonths(15),
        () -> Year.of(-5),
        () -> YearMonth.of(2024, 2),
        () -> MonthDay.of(2, 29),
        () -> OffsetTime.of(1, 2, 3, 4, ZoneOffset.MIN),
        () -> OffsetDateTime.MAX,
        () ->
            ZonedDateTime.ofLocal(
                LocalDateTime.of(2024, 10, 27, 2, 30),
                ZoneId.of("Europe/Paris"),
                ZoneOffset.ofHours(1)),
        () -> ZonedDateTime.of(LocalDateTime.MIN, ZoneId.of("GMT+03:00")),
        () -> ZoneId.of("UTC+01:30"),
        () -> ZoneId.of("GMT0"),
        () -> ZoneOffset.UTC,
        () -> new AtomicInteger(3),
        () -> new AtomicLong(-3),
        () -> new AtomicReference<>(new ArrayList<>(List.of(1))),
        () -> new Object[] {new String[] {"a"}, new int[][] {{1}}, new Integer[] {1}},
        () -> Collections.synchronizedList(new ArrayList<>(List.of(1))),
        () -> Collections.unmodifiableSortedSet(new TreeSet<>(Set.of(1))),
        () -> Collections.checkedSet(new HashSet<>(Set.of(1)), Integer.class),
        () -> Collections.nCopies(3, "a"),
        () -> Collections.singletonMap("k", null),
        () -> new TreeMap<>(Map.of(1, 2, 3, 4)).descendingMap(),
        () -> new TreeMap<>(Map.of(1, 2, 3, 4)).headMap(3),
        () -> new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
        () -> new IdentityHashMap<>(Map.of("a", 2)),
        () -> {
          Properties defaults = new Properties();
          defaults.setProperty("a", "b");
          return new Properties(defaults);
        },
        () -> {
          Exception failure = new IllegalStateException("x", null);
          failure.addSuppressed(new IllegalArgumentException("y"));
          return failure;
        },
        () -> new IllegalStateException("its cause is still open"),
        () -> int.class,
        () -> Map.Entry[].class,
        () -> TimeUnit.DAYS);
  }

  @ParameterizedTest
  @MethodSource("others")
  void ofEveryKind(Supplier<Object> kind) throws Exception {
    assertSameState(kind.get());
    assertSameState(new ArrayList<>(List.of(kind.get())));
  }

  @Test
  void theFlagsOfAPatternAreThoseItWasCompiledWith() throws Exception {
    String[] texts = {
      "item-(?i)[a-z]+",
      "abc(?-i)def",
      "two words(?x) [0-9] # digit",
      "a.b(?s).*",
      "(?i:a)b",
      "\\Q(?i)\\E",
      "plain",
      "(group)?",
      "[(?i)]",
      "( ?i)a",
      "a(#comment\n?i)b",
      "(?<name>a)(?u)ä",
      "grüße".repeat(20_000) + "(?i)"
    };
    int[] flags = {
      0,
      Pattern.CASE_INSENSITIVE,
      Pattern.COMMENTS,
      Pattern.LITERAL,
      Pattern.UNICODE_CHARACTER_CLASS,
      Pattern.DOTALL | Pattern.MULTILINE | Pattern.UNIX_LINES | Pattern.CANON_EQ
    };
    for (String text : texts) {
      for (int flag : flags) {
        Pattern pattern;
        try {
          pattern = Pattern.compile(text, flag);
        } catch (java.util.regex.PatternSyntaxException e) {
          continue;
        }
        assertSameState(pattern);
        assertThat(there.decode(here.encode(new ArrayList<>(List.of(pattern)))).toString())
            .isEqualTo(List.of(pattern).toString());
      }
    }
  }

  @Test
  void anArrayBehindAListIsStillTheArrayThatTheValueHolds() {
    String[] array = {"a", "b"};
    Object[] read =
        (Object[]) there.decode(here.encode(new Object[] {array, Arrays.asList(array)}));
    ((String[]) read[0])[0] = "changed";
    assertThat((List<?>) read[1]).asString().isEqualTo("[changed, b]");
  }

  // Sorted collections

  @Test
  void sortedCollectionsKeepElementsWhoseOrderHasChangedSince() throws Exception {
    for (Collection<Task> tasks :
        List.<Collection<Task>>of(
            new TreeSet<>(new ByPriority()),
            new PriorityQueue<>(new ByPriority()),
            new TreeSet<>(Collections.reverseOrder(new ByPriority())))) {
      Task mail = new Task("mail", 1);
      Task pay = new Task("pay", 2);
      Task rest = new Task("rest", 3);
      tasks.addAll(List.of(mail, pay, rest));
      mail.priority = 2;
      rest.priority = 0;
      assertThat(there.decode(here.encode(tasks)).toString())
          .isEqualTo(JavaSerialization.roundTrip(tasks).toString());
      assertSameState(tasks);
    }
    Map<Task, String> tasks = new TreeMap<>(new ByPriority());
    Task mail = new Task("mail", 1);
    tasks.put(mail, "a");
    tasks.put(new Task("pay", 2), "b");
    mail.priority = 2;
    assertThat(there.decode(here.encode(tasks)).toString()).isEqualTo(tasks.toString());
    assertSameState(tasks);
  }

  @Test
  void elementsMayLeadBackToTheirSortedCollection() throws Exception {
    for (Supplier<Collection<Named>> kind :
        List.<Supplier<Collection<Named>>>of(
            TreeSet::new, CopyOnWriteArraySet::new, LinkedHashSet::new)) {
      Collection<Named> all = kind.get();
      Named first = new Named(all, "a");
      all.add(first);
      all.add(new Named(all, "b"));
      Named read = (Named) there.decode(here.encode(first));
      assertThat(read.toString()).isEqualTo(JavaSerialization.roundTrip(first).toString());
      assertThat(read.all).hasSize(2).hasSameClassAs(all).anyMatch(each -> each == read);
    }
    Map<Object, Object> map = new TreeMap<>();
    Named key = new Named(map, "k");
    map.put(key, key);
    Named read = (Named) there.decode(here.encode(key));
    assertThat(((Map<?, ?>) read.owner).get(read)).isSameAs(read);
  }

  /** Heaps and skip lists compare when Java serialization reads them. */
  @Test
  void whatJavaSerializationComparesHalfReadAndFailsIsRefused() {
    for (Collection<Named> all :
        List.<Collection<Named>>of(new PriorityQueue<>(), new ConcurrentSkipListSet<>())) {
      Named first = new Named(all, "a");
      all.add(first);
      all.add(new Named(all, "b"));
      assertThatThrownBy(() -> JavaSerialization.roundTrip(first))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> here.encode(first)).isInstanceOf(UnencodableValueException.class);
    }
    Task mail = new Task("mail", 1);
    Collection<Task> unordered = new ConcurrentSkipListSet<>(new ByPriority());
    unordered.addAll(List.of(mail, new Task("pay", 2)));
    here.encode(unordered);
    mail.priority = 3;
    assertThatThrownBy(() -> JavaSerialization.roundTrip(unordered))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> here.encode(unordered)).isInstanceOf(UnencodableValueException.class);
  }

  @Test
  void aSortedSetMayHoldItself() {
    TreeMap<String, Object> map = new TreeMap<>();
    map.put("self", map);
    Map<?, ?> read = (Map<?, ?>) there.decode(here.encode(map));
    assertThat(read.get("self")).isSameAs(read);
  }

  static final class Task implements Serializable {
    final String what;
    int priority;

    Task(String what, int priority) {
      this.what = what;
      this.priority = priority;
    }

    @Override
    public String toString() {
      return what + priority;
    }
  }

  static final class ByPriority implements Comparator<Task>, Serializable {
    @Override
    public int compare(Task a, Task b) {
      return Integer.compare(a.priority, b.priority);
    }
  }

  static final class Named implements Serializable, Comparable<Named> {
    final Object owner;
    final Collection<Named> all;
    final String name;

    Named(Collection<Named> all, String name) {
      this.owner = null;
      this.all = all;
      this.name = name;
    }

    Named(Map<Object, Object> owner, String name) {
      this.owner = owner;
      this.all = null;
      this.name = name;
    }

    @Override
    public int compareTo(Named other) {
      return name.compareTo(other.name);
    }

    @Override
    public String toString() {
      return name + " of " + all.stream().map(each -> each.name).toList();
    }
  }
}
