package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.sql.Timestamp;
import java.time.DayOfWeek;
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
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {
  private final AttributeCodec codec = Codecs.ofTests();

  static Stream<Object> valuesWithEquals() throws Exception {
    return Stream.of(
        "",
        "x",
        "Ada Lovelace",
        "größer",
        "日本",
        "\ud83d\ude00",
        "\ud83d",
        "a\u0000b",
        "y".repeat(70_000),
        0,
        -1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L,
        Long.MIN_VALUE,
        true,
        1.5,
        Double.NaN,
        1.5f,
        (short) -3,
        (byte) 200,
        'c',
        '\uffff',
        new BigDecimal("12345678901234567890.1234"),
        new BigDecimal("1E+7"),
        new BigInteger("-99999999999999999999"),
        new Date(1234567890123L),
        timestamp(),
        new Timestamp(-1),
        new java.sql.Date(86_400_000L),
        new java.sql.Time(3_600_000L),
        Instant.ofEpochSecond(1, 999_999_999),
        Instant.MIN,
        LocalDate.MAX,
        LocalTime.MAX,
        LocalDateTime.MIN,
        ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 1, ZoneId.of("Europe/Paris"))
            .withLaterOffsetAtOverlap(),
        ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 1, ZoneOffset.UTC),
        OffsetDateTime.of(LocalDateTime.of(2024, 1, 1, 0, 0), ZoneOffset.ofHoursMinutes(-3, -30)),
        OffsetTime.MAX,
        Duration.ofNanos(-1),
        Period.of(-1, 2, 3),
        Year.of(2024),
        YearMonth.of(2024, 2),
        MonthDay.of(2, 29),
        ZoneOffset.ofHours(5),
        ZoneId.of("America/New_York"),
        DayOfWeek.FRIDAY,
        TimeUnit.DAYS,
        new UUID(-1, 1),
        Locale.GERMANY,
        Locale.ROOT,
        new Locale("no", "NO", "NY"),
        Locale.forLanguageTag("zh-Hant-TW-u-ca-roc"),
        URI.create("https://example.org/a?b#c"),
        Currency.getInstance("EUR"),
        String.class,
        int.class,
        long[].class,
        RoundTripTest.class,
        Optional.of("a"),
        Optional.empty(),
        OptionalInt.of(3),
        OptionalLong.empty(),
        OptionalDouble.of(.5),
        BitSet.valueOf(new long[] {5, 7}),
        InetAddress.getByAddress("host", new byte[] {127, 0, 0, 1}),
        TimeZone.getTimeZone("Europe/Paris"),
        new GregorianCalendar(2024, 1, 29),
        new ArrayList<>(Arrays.asList(1, null, "b")),
        new LinkedList<>(List.of(1, 2)),
        new HashMap<>(Map.of("k", List.of(1))),
        new LinkedHashMap<>(Map.of(1L, Set.of())),
        new Hashtable<>(Map.of(1, 2)),
        new TreeMap<>(Map.of("b", 1, "a", 2)),
        new HashSet<>(List.of(1, 2)),
        new LinkedHashSet<>(List.of(2, 1)),
        new TreeSet<>(Set.of(3, 1, 2)),
        new Vector<>(List.of(1)),
        stack(),
        new ConcurrentHashMap<>(Map.of(1, 2)),
        new CopyOnWriteArrayList<>(List.of(1)),
        new CopyOnWriteArraySet<>(List.of(1)),
        new ConcurrentSkipListMap<>(Map.of(1, 2)),
        new ConcurrentSkipListSet<>(Set.of(1)),
        Arrays.asList("a", null),
        List.of(),
        List.of(1),
        List.of(1, 2),
        List.of(1, 2, 3),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        Map.of(),
        Map.of(1, 2),
        Map.of(1, 2, 3, 4),
        Stream.of(1, null).toList(),
        Collections.emptyList(),
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.singletonList(null),
        Collections.singleton(1),
        Collections.singletonMap(1, null),
        Collections.unmodifiableList(new ArrayList<>(List.of(1))),
        Collections.unmodifiableMap(new HashMap<>(Map.of(1, 2))),
        Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))),
        Collections.nCopies(3, "x"),
        new EnumMap<>(Map.of(Colour.RED, 1)),
        EnumSet.of(Colour.BLUE),
        EnumSet.noneOf(Colour.class),
        properties(),
        Colour.RED,
        Colour.BLUE,
        new Point(1, "p", new int[0].length),
        new Counting("a", "b"),
        Map.entry(1, 2).getKey(),
        new HashMap<>(Map.of(new Point(1, "a", 2), Colour.RED)),
        new java.io.File("a/b"));
  }

  static Timestamp timestamp() {
    Timestamp timestamp = new Timestamp(1_700_000_000_123L);
    timestamp.setNanos(123_456_789);
    return timestamp;
  }

  private static Stack<Object> stack() {
    Stack<Object> stack = new Stack<>();
    stack.push(1);
    return stack;
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("a", "b");
    return properties;
  }

  @ParameterizedTest
  @MethodSource("valuesWithEquals")
  void comesBackEqualAndOfTheSameClass(Object value) {
    Object read = Codecs.roundTrip(codec, value);
    assertThat(read).isEqualTo(value);
    assertThat(read.getClass()).isEqualTo(value.getClass());
  }

  @ParameterizedTest
  @MethodSource("valuesWithEquals")
  void comesBackFromTheFieldOfAPlainBeanThatIsNotSerializable(Object value) {
    Box box = new Box();
    box.content = value;
    assertThat(Codecs.roundTrip(codec, box).content).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("valuesWithEquals")
  void theSameInstanceGivesTheSameBytes(Object value) {
    assertThat(codec.encode(value)).isEqualTo(codec.encode(value));
  }

  @Test
  void valuesWithoutEqualsKeepTheirContent() {
    assertThat(Codecs.roundTrip(codec, Pattern.compile("a.c", Pattern.DOTALL)).flags())
        .isEqualTo(Pattern.DOTALL);
    assertThat(Codecs.roundTrip(codec, new AtomicInteger(7)).get()).isEqualTo(7);
    assertThat(Codecs.roundTrip(codec, new AtomicLong(-7)).get()).isEqualTo(-7);
    assertThat(Codecs.roundTrip(codec, new AtomicBoolean(true)).get()).isTrue();
    assertThat(Codecs.roundTrip(codec, new AtomicReference<>("x")).get()).isEqualTo("x");
    assertThat(Codecs.roundTrip(codec, new StringBuilder("sb")).toString()).isEqualTo("sb");
    assertThat(Codecs.roundTrip(codec, new StringBuffer("sb")).toString()).isEqualTo("sb");
    assertThat(Codecs.roundTrip(codec, new ArrayDeque<>(List.of(2, 1)))).containsExactly(2, 1);
    assertThat(Codecs.roundTrip(codec, new ConcurrentLinkedQueue<>(List.of(2, 1))))
        .containsExactly(2, 1);
    assertThat(Codecs.roundTrip(codec, new ConcurrentLinkedDeque<>(List.of(2, 1))))
        .containsExactly(2, 1);
    PriorityQueue<Integer> queue = new PriorityQueue<>(Comparator.reverseOrder());
    queue.addAll(List.of(1, 3, 2));
    PriorityQueue<Integer> read = Codecs.roundTrip(codec, queue);
    assertThat(List.of(read.remove(), read.remove(), read.remove())).containsExactly(3, 2, 1);
    assertThat(Codecs.roundTrip(codec, new Object())).isNotNull();
  }

  @Test
  void arraysOfEveryKind() {
    Object[] arrays = {
      new byte[] {1, -1},
      new short[] {1, -1},
      new char[] {'a', '\uffff'},
      new int[] {1, -1},
      new long[] {1, -1},
      new float[] {1, -1},
      new double[] {1, -1},
      new boolean[] {true, false},
      new String[] {"a", null},
      new Object[] {1, "b", new int[] {1}},
      new int[][] {{1}, {}, null},
      new Colour[] {Colour.BLUE, null},
      new Point[][] {{new Point(1, "a", 2)}},
      new LocalDate[] {LocalDate.MIN},
      new Map<?, ?>[] {Map.of(1, 2)}
    };
    Object[] read = Codecs.roundTrip(codec, arrays);
    assertThat(Arrays.deepEquals(read, arrays)).isTrue();
    for (int i = 0; i < arrays.length; i++) {
      assertThat(read[i].getClass()).isEqualTo(arrays[i].getClass());
    }
  }

  @Test
  void sortedCollectionsKeepTheirOrder() {
    TreeMap<String, Object> insensitive = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    insensitive.put("Key", 1);
    assertThat(Codecs.roundTrip(codec, insensitive)).containsKey("KEY");
    TreeSet<Integer> reverse = new TreeSet<>(Collections.reverseOrder());
    reverse.addAll(List.of(1, 2, 3));
    assertThat(Codecs.roundTrip(codec, reverse)).containsExactly(3, 2, 1);
    TreeSet<String> byLength = new TreeSet<>(new ByLength());
    byLength.addAll(List.of("ccc", "bb", "a"));
    assertThat(Codecs.roundTrip(codec, byLength)).containsExactly("a", "bb", "ccc");
  }

  @Test
  void aListFromAStreamStillAnswersForNull() {
    assertThat(Codecs.roundTrip(codec, Stream.of(1, 2).toList()).contains(null)).isFalse();
  }

  @Test
  void aPlainBeanWithoutNoArgumentConstructorKeepsPrivateAndInheritedAndFinalFields() {
    Derived bean = new Derived("name", 42, 7);
    bean.next = bean;
    Derived read = Codecs.roundTrip(codec, bean);
    assertThat(read.describe()).isEqualTo("name 42 7");
    assertThat(read.next).isSameAs(read);
    assertThat(read.scratch).isNull();
  }

  @Test
  void aNoArgumentConstructorRunsSoThatTransientFieldsAreThere() {
    assertThat(Codecs.roundTrip(codec, new WithTransient()).lock).isNotNull();
  }

  @Test
  void sharedObjectsStayShared() {
    SerializableBox shared = new SerializableBox();
    List<Object> list =
        Codecs.roundTrip(codec, new ArrayList<>(List.of(shared, shared, List.of(shared))));
    assertThat(list.get(0)).isSameAs(list.get(1)).isSameAs(((List<?>) list.get(2)).get(0));
  }

  @Test
  void sharedObjectsStaySharedWhenAPartNeedsJdkSerialization() {
    SerializableBox shared = new SerializableBox();
    SerializableBox root = new SerializableBox();
    root.content =
        new ArrayList<>(
            List.of(shared, Collections.unmodifiableList(new ArrayList<>(List.of(shared)))));
    List<?> read = (List<?>) Codecs.roundTrip(codec, root).content;
    assertThat(((List<?>) read.get(1)).get(0)).isSameAs(read.get(0));
  }

  @Test
  void cyclesThroughCollections() {
    List<Object> list = new ArrayList<>();
    Map<String, Object> map = new HashMap<>();
    list.add(map);
    map.put("list", list);
    List<Object> read = Codecs.roundTrip(codec, list);
    assertThat(((Map<?, ?>) read.get(0)).get("list")).isSameAs(read);
  }

  @Test
  void aSerializableClassRebuildsItsTransientState() {
    assertThat(Codecs.roundTrip(codec, new Counting("a", "b")).count).isEqualTo(2);
    Box box = new Box();
    box.content = new Counting("a", "b", "c");
    assertThat(((Counting) Codecs.roundTrip(codec, box).content).count).isEqualTo(3);
  }

  @Test
  void aSubclassOfAListKeepsItsField() {
    Page page = new Page();
    page.add("a");
    page.number = 3;
    Page read = Codecs.roundTrip(codec, page);
    assertThat(read).containsExactly("a");
    assertThat(read.number).isEqualTo(3);
  }

  @Test
  void aThrowableKeepsMessageCauseAndStack() {
    Exception failure = new AppException("outer", new IllegalStateException("inner"));
    failure.addSuppressed(new IOException("side"));
    Exception read = Codecs.roundTrip(codec, failure);
    assertThat(read).hasMessage("outer").hasCauseInstanceOf(IllegalStateException.class);
    assertThat(read.getStackTrace()).isEqualTo(failure.getStackTrace());
    assertThat(read.getSuppressed()).hasSize(1);
  }

  @Test
  void innerAndAnonymousClassesKeepWhatTheyAreInside() {
    Outer outer = new Outer();
    outer.name = "outer";
    assertThat(Codecs.roundTrip(codec, outer.new Inner()).outerName()).isEqualTo("outer");
  }

  @Test
  void aDynamicProxyComesBackWithItsHandler() {
    Named proxy =
        (Named)
            java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Named.class}, new NamedHandler("p"));
    Object read = codec.decode(codec.encode(proxy));
    assertThat(((Named) read).name()).isEqualTo("p");
  }

  @Test
  void anEmbeddedStreamKeepsWhatIsInsideItApart() {
    Box box = new Box();
    EnumMap<Colour, Object> map = new EnumMap<>(Colour.class);
    map.put(Colour.RED, new ArrayList<>(List.of("x")));
    box.content = new ArrayList<>(List.of(map, map));
    List<?> read = (List<?>) Codecs.roundTrip(codec, box).content;
    assertThat(read.get(0)).isEqualTo(map).isSameAs(read.get(1));
  }

  enum Colour {
    RED {
      @Override
      boolean warm() {
        return true;
      }
    },
    BLUE;

    boolean warm() {
      return false;
    }
  }

  record Point(int x, String label, long y) implements Serializable {}

  static final class Box {
    Object content;
  }

  static final class SerializableBox implements Serializable {
    Object content;
  }

  static class Base {
    private final int id;

    Base(int id) {
      this.id = id;
    }

    int id() {
      return id;
    }
  }

  static final class Derived extends Base {
    private final String name;
    private final int id;
    private Derived next;
    private transient Object scratch = "scratch";

    Derived(String name, int id, int baseId) {
      super(baseId);
      this.name = name;
      this.id = id;
    }

    String describe() {
      return name + " " + id + " " + id();
    }
  }

  static final class WithTransient {
    private final transient Object lock = new Object();

    private WithTransient() {}
  }

  static final class ByLength implements Comparator<String>, Serializable {
    @Override
    public int compare(String a, String b) {
      return Integer.compare(a.length(), b.length());
    }
  }

  static final class Counting implements Serializable {
    private final List<String> names = new ArrayList<>();
    private transient int count;

    Counting(String... names) {
      this.names.addAll(List.of(names));
      count = names.length;
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      count = names.size();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Counting that && that.count == count && that.names.equals(names);
    }

    @Override
    public int hashCode() {
      return count;
    }
  }

  static final class Page extends ArrayList<String> {
    private int number;
  }

  static final class AppException extends Exception {
    AppException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  static final class Outer {
    private String name;

    final class Inner {
      String outerName() {
        return name;
      }
    }
  }

  interface Named {
    String name();
  }

  record NamedHandler(String name) implements java.lang.reflect.InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      return name;
    }
  }
}
