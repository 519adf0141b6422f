package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes that the first release wrote are a promise. A line of the file never changes; new kinds
 * of values get new lines. A failure here means that sessions of a running system would be lost by
 * an update.
 */
class StoredBytesTest {
  private static final String FILE = "stored-by-0.1.properties";
  private final AttributeCodec codec = Codecs.ofTests();

  private static Map<String, Object> fixed() {
    Map<String, Object> values = new LinkedHashMap<>();
    Timestamp timestamp = new Timestamp(1_700_000_000_000L);
    timestamp.setNanos(123_456_789);
    TreeMap<String, Object> insensitive = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    insensitive.put("k", 1);
    TreeSet<Object> reverse = new TreeSet<>(Collections.reverseOrder());
    reverse.addAll(List.of(1, 2));
    values.put("string", "Ada Lovelace");
    values.put("string.unicode", "gr\u00f6\u00dfer \u65e5\u672c \ud83d\ude00");
    values.put("integer", 42);
    values.put("long", -42L);
    values.put("boolean", true);
    values.put("double", 1.5);
    values.put("float", 1.5f);
    values.put("short", (short) -2);
    values.put("byte", (byte) -2);
    values.put("character", '\u20ac');
    values.put("decimal", new BigDecimal("-12.345"));
    values.put("biginteger", new BigInteger("12345678901234567890"));
    values.put("date", new Date(1_700_000_000_123L));
    values.put("sql.timestamp", timestamp);
    values.put("sql.date", new java.sql.Date(86_400_000L));
    values.put("sql.time", new java.sql.Time(3_600_000L));
    values.put("instant", Instant.ofEpochSecond(1_700_000_000L, 5));
    values.put("localdate", LocalDate.of(2024, 2, 29));
    values.put("localtime", LocalTime.of(1, 2, 3, 4));
    values.put("localdatetime", LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4));
    values.put(
        "zoneddatetime", ZonedDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneId.of("Europe/Paris")));
    values.put(
        "offsetdatetime", OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(-3)));
    values.put("duration", Duration.ofNanos(-1));
    values.put("uuid", new UUID(1, -1));
    values.put("locale", Locale.GERMANY);
    values.put("locale.old", new Locale("no", "NO", "NY"));
    values.put("uri", URI.create("https://example.org/a?b#c"));
    values.put("class", String.class);
    values.put("array.object", new Object[] {1, "a", null});
    values.put("array.string", new String[] {"a", null});
    values.put("array.byte", new byte[] {1, -1});
    values.put("array.char", new char[] {'a', '\uffff'});
    values.put("array.int", new int[] {1, -1});
    values.put("array.long", new long[] {1, -1});
    values.put("array.double", new double[] {1, -1});
    values.put("array.boolean", new boolean[] {true, false});
    values.put("array.short", new short[] {1, -1});
    values.put("array.float", new float[] {1, -1});
    values.put("arraylist", new ArrayList<>(Arrays.asList("a", null, 1)));
    values.put("linkedlist", new LinkedList<>(List.of("a")));
    values.put("hashmap", new HashMap<>(Map.of("k", 1)));
    values.put("linkedhashmap", new LinkedHashMap<>(Map.of("k", 1)));
    values.put("treemap", insensitive);
    values.put("hashset", new HashSet<>(Set.of("a")));
    values.put("linkedhashset", new LinkedHashSet<>(Set.of("a")));
    values.put("treeset", reverse);
    values.put("arraydeque", new ArrayDeque<>(List.of(1, 2)));
    values.put("concurrenthashmap", new ConcurrentHashMap<>(Map.of("k", 1)));
    values.put("copyonwritearraylist", new CopyOnWriteArrayList<>(List.of(1)));
    values.put("list.of.1", List.of(1));
    values.put("list.of.3", List.of(1, 2, 3));
    values.put("stream.tolist", Stream.of(1, 2, null).toList());
    values.put("set.of.1", Set.of(1));
    values.put("set.of.0", Set.of());
    values.put("map.of.1", Map.of(1, 2));
    values.put("map.of.0", Map.of());
    values.put("emptylist", Collections.emptyList());
    values.put("emptymap", Collections.emptyMap());
    values.put("emptyset", Collections.emptySet());
    values.put("atomicinteger", new AtomicInteger(-7));
    values.put("atomiclong", new AtomicLong(7));
    values.put("atomicboolean", new AtomicBoolean(true));
    values.put("atomicreference", new AtomicReference<>("a"));
    values.put("singletonlist", Collections.singletonList("a"));
    values.put("singletonset", Collections.singleton("a"));
    values.put("singletonmap", Collections.singletonMap("k", 1));
    values.put("caseinsensitive", String.CASE_INSENSITIVE_ORDER);
    values.put("currency", Currency.getInstance("EUR"));
    values.put("offsettime", OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHours(5)));
    values.put("period", Period.of(1, -2, 3));
    values.put("year", Year.of(2024));
    values.put("yearmonth", YearMonth.of(2024, 2));
    values.put("monthday", MonthDay.of(2, 29));
    values.put("zoneoffset", ZoneOffset.ofHours(5));
    values.put("zoneregion", ZoneId.of("America/New_York"));
    values.put("optional", Optional.of("a"));
    values.put("optionalint", OptionalInt.of(-3));
    values.put("optionallong", OptionalLong.of(3));
    values.put("optionaldouble", OptionalDouble.empty());
    values.put("concurrentlinkedqueue", new ConcurrentLinkedQueue<>(List.of(1)));
    values.put("concurrentlinkeddeque", new ConcurrentLinkedDeque<>(List.of(1)));
    values.put("object", new Object());
    LinkedHashMap<Object, Object> byAccess = new LinkedHashMap<>(16, 0.75f, true);
    byAccess.put("a", 1);
    values.put("linkedhashmap.byaccess", byAccess);
    return values;
  }

  /**
   * Named classes, and fixed ones that JDK serialization writes now: the bytes may come to differ,
   * but the stored ones stay readable.
   */
  private static Map<String, Object> named() {
    Map<String, Object> values = new LinkedHashMap<>();
    PriorityQueue<Integer> queue = new PriorityQueue<>(Comparator.naturalOrder());
    queue.add(1);
    Stack<Object> stack = new Stack<>();
    stack.push("a");
    values.put("vector", new Vector<>(List.of(1)));
    values.put("stack", stack);
    values.put("hashtable", new Hashtable<>(Map.of("k", 1)));
    values.put("aslist", Arrays.asList("a", null));
    values.put("pattern", Pattern.compile("a.c", Pattern.DOTALL));
    values.put("stringbuilder", new StringBuilder("sb"));
    values.put("stringbuffer", new StringBuffer("sb"));
    values.put("bitset", BitSet.valueOf(new long[] {5}));
    values.put("copyonwritearrayset", new CopyOnWriteArraySet<>(List.of(1)));
    values.put("concurrentskiplistmap", new ConcurrentSkipListMap<>(Map.of(1, 2)));
    values.put("concurrentskiplistset", new ConcurrentSkipListSet<>(Set.of(1)));
    values.put("priorityqueue", queue);
    Order order = new Order();
    order.lines.add(new Line("tea", 2));
    order.self = order;
    values.put("bean", order);
    values.put("enum", TimeUnit.DAYS);
    values.put("record", new Line("tea", 2));
    values.put("unmodifiable", Collections.unmodifiableList(new ArrayList<>(List.of(1))));
    values.put("enummap", new EnumMap<>(Map.of(TimeUnit.DAYS, 1)));
    Wrapper wrapper = new Wrapper();
    wrapper.content = new EnumMap<>(Map.of(TimeUnit.DAYS, 1));
    values.put("embedded", wrapper);
    values.put("array.named", new TimeUnit[] {TimeUnit.DAYS});
    return values;
  }

  static Stream<String> fixedNames() {
    return fixed().keySet().stream();
  }

  static Stream<String> namedNames() {
    return named().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("fixedNames")
  void aFixedTypeIsStillWrittenAsTheFirstReleaseDid(String name) throws Exception {
    assertThat(HexFormat.of().formatHex(codec.encode(fixed().get(name))))
        .isEqualTo(stored().getProperty(name));
  }

  @ParameterizedTest
  @MethodSource("fixedNames")
  void aFixedTypeIsStillRead(String name) throws Exception {
    assertRead(name, fixed().get(name));
  }

  @ParameterizedTest
  @MethodSource("namedNames")
  void aNamedTypeIsStillRead(String name) throws Exception {
    assertRead(name, named().get(name));
  }

  private void assertRead(String name, Object expected) throws Exception {
    Object read = codec.decode(HexFormat.of().parseHex(stored().getProperty(name)));
    assertThat(read.getClass()).isEqualTo(expected.getClass());
    assertThat(text(read)).isEqualTo(text(expected));
  }

  /** Equality of content for values of every kind, those without equals included. */
  private static String text(Object value) {
    String text =
        value.getClass().isArray() ? Arrays.deepToString(new Object[] {value}) : value.toString();
    return value.getClass() == Object.class ? "object" : text;
  }

  private static Properties stored() throws Exception {
    Properties properties = new Properties();
    try (InputStream in = StoredBytesTest.class.getResourceAsStream(FILE)) {
      properties.load(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
    }
    return properties;
  }

  /** Prints the file, for new lines to be taken from. */
  public static void main(String[] arguments) {
    AttributeCodec codec = Codecs.ofTests();
    System.out.println(
        "# Written by release 0.1. Lines may be added, never changed: see StoredBytesTest.");
    fixed()
        .forEach(
            (name, value) ->
                System.out.println(name + "=" + HexFormat.of().formatHex(codec.encode(value))));
    named()
        .forEach(
            (name, value) ->
                System.out.println(name + "=" + HexFormat.of().formatHex(codec.encode(value))));
  }

  static final class Order {
    private final List<Object> lines = new ArrayList<>();
    private Order self;
    private final int number = 7;

    @Override
    public String toString() {
      return number + " " + lines + " " + (self == this);
    }
  }

  record Line(String article, int amount) implements Serializable {}

  static final class Wrapper {
    private Object content;

    @Override
    public String toString() {
      return "wrapping " + content;
    }
  }
}
