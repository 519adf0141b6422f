package dev.holdfast.codec;

import static dev.holdfast.codec.ValueSerializer.readBytes;
import static dev.holdfast.codec.ValueSerializer.readString;

import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the JDK that have a number in stored bytes instead of a name.
 *
 * <p>Only what the public methods of a class tell can be written here. A class with more state than
 * that, such as the spare room of a Vector, the array behind {@code Arrays.asList} or the order of
 * a heap, is left to JDK serialization; {@link #readOnly} keeps its number readable.
 *
 * <p>The numbers and what follows them are a promise: never change one, never use one again, add at
 * the end. Numbers below 64 take one byte. A test keeps encodings of the first release.
 */
@SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // Sessions hold what they hold.
final class FixedTypes {
  /** Stands for an object in a JDK serialization stream of its own. */
  static final Registration EMBEDDED =
      new Registration(Embedding.class, new Embedding.Embedded(), 0);

  /** The number of {@code String}. */
  static final int TEXT = 1;

  private static final int LAST = 94;

  /** The least room that {@code HashMap.readObject} makes. */
  private static final int LEAST_ROOM = 16;

  private static final float LOAD_FACTOR = 0.75f;
  private static final boolean ROUNDS_UP = Runtime.version().feature() >= 19;
  private static final Map<Class<?>, Registration> BY_CLASS = new HashMap<>();
  private static final @Nullable Registration[] BY_NUMBER = new Registration[LAST + 1];

  /** Values that are written again where they occur again. */
  private static final Set<Class<?>> VALUES = new HashSet<>();

  /** Values that cannot change and lead to no other. */
  private static final Set<Class<?>> IMMUTABLE = new HashSet<>();

  private FixedTypes() {}

  static {
    BY_NUMBER[0] = EMBEDDED;
    addBasics();
    addTimes();
    addArrays();
    addCollections();
    addImmutableCollections();
    addRest();
    if (ModuleLayer.boot().findModule("java.sql").isPresent()) {
      SqlTypes.add();
    }
  }

  static @Nullable Registration of(Class<?> type) {
    return BY_CLASS.get(type);
  }

  static @Nullable Registration of(int number) {
    return number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  /** Whether a second occurrence of the same instance is a reference to the first. */
  static boolean isReferenced(Class<?> type) {
    return type == String.class || !VALUES.contains(type);
  }

  /** Whether no instance of exactly this class can ever change. */
  static boolean isImmutable(Class<?> type) {
    return IMMUTABLE.contains(type);
  }

  private static void addBasics() {
    immutable(TEXT, String.class, Output::writeString, ValueSerializer::readString);
    VALUES.remove(String.class);
    immutable(2, Integer.class, (out, v) -> out.writeVarInt(v, false), in -> in.readVarInt(false));
    immutable(3, Long.class, (out, v) -> out.writeVarLong(v, false), in -> in.readVarLong(false));
    immutable(4, Boolean.class, Output::writeBoolean, Input::readBoolean);
    immutable(5, Double.class, Output::writeDouble, Input::readDouble);
    immutable(6, Float.class, Output::writeFloat, Input::readFloat);
    immutable(7, Short.class, (out, v) -> out.writeShort(v), Input::readShort);
    immutable(8, Byte.class, (out, v) -> out.writeByte(v), Input::readByte);
    immutable(9, Character.class, Output::writeChar, Input::readChar);
    immutable(
        10,
        BigDecimal.class,
        (out, v) -> {
          out.writeVarInt(v.scale(), false);
          ValueSerializer.writeBytes(out, v.unscaledValue().toByteArray());
        },
        in -> {
          int scale = in.readVarInt(false);
          return new BigDecimal(new BigInteger(readBytes(in)), scale);
        });
    immutable(
        11,
        BigInteger.class,
        (out, v) -> ValueSerializer.writeBytes(out, v.toByteArray()),
        in -> new BigInteger(readBytes(in)));
    mutable(
        12,
        Date.class,
        (out, v) -> out.writeVarLong(v.getTime(), false),
        in -> new Date(in.readVarLong(false)));
    immutable(
        23,
        UUID.class,
        (out, v) -> {
          out.writeLong(v.getMostSignificantBits());
          out.writeLong(v.getLeastSignificantBits());
        },
        in -> new UUID(in.readLong(), in.readLong()));
    immutable(24, Locale.class, FixedTypes::writeLocale, FixedTypes::readLocale);
    immutable(
        25, URI.class, (out, v) -> out.writeString(v.toString()), in -> URI.create(readString(in)));
    add(26, Class.class, new ClassSerializer());
    VALUES.add(Class.class);
    IMMUTABLE.add(Class.class);
  }

  private static void writeLocale(Output out, Locale locale) {
    String tag = locale.toLanguageTag();
    boolean exact = Locale.forLanguageTag(tag).equals(locale);
    out.writeBoolean(exact);
    if (exact) {
      out.writeString(tag);
    } else {
      out.writeString(locale.getLanguage());
      out.writeString(locale.getCountry());
      out.writeString(locale.getVariant());
    }
  }

  private static Locale readLocale(Input in) {
    return in.readBoolean()
        ? Locale.forLanguageTag(readString(in))
        : new Locale(readString(in), readString(in), readString(in));
  }

  private static void addTimes() {
    immutable(16, Instant.class, FixedTypes::writeInstant, FixedTypes::readInstant);
    immutable(
        17,
        LocalDate.class,
        (out, v) -> out.writeVarLong(v.toEpochDay(), false),
        in -> LocalDate.ofEpochDay(in.readVarLong(false)));
    immutable(18, LocalTime.class, FixedTypes::writeTime, FixedTypes::readTime);
    immutable(19, LocalDateTime.class, FixedTypes::writeDateTime, FixedTypes::readDateTime);
    immutable(
        20,
        ZonedDateTime.class,
        (out, v) -> {
          writeDateTime(out, v.toLocalDateTime());
          out.writeVarInt(v.getOffset().getTotalSeconds(), false);
          out.writeString(v.getZone().getId());
        },
        in -> {
          LocalDateTime local = readDateTime(in);
          ZoneOffset offset = readOffset(in);
          return ZonedDateTime.ofLocal(local, ZoneId.of(readString(in)), offset);
        });
    immutable(
        21,
        OffsetDateTime.class,
        (out, v) -> {
          writeDateTime(out, v.toLocalDateTime());
          out.writeVarInt(v.getOffset().getTotalSeconds(), false);
        },
        in -> OffsetDateTime.of(readDateTime(in), readOffset(in)));
    immutable(
        22,
        Duration.class,
        (out, v) -> {
          out.writeVarLong(v.getSeconds(), false);
          out.writeVarInt(v.getNano(), true);
        },
        in -> Duration.ofSeconds(in.readVarLong(false), in.readVarInt(true)));
    immutable(
        73,
        OffsetTime.class,
        (out, v) -> {
          writeTime(out, v.toLocalTime());
          out.writeVarInt(v.getOffset().getTotalSeconds(), false);
        },
        in -> OffsetTime.of(readTime(in), readOffset(in)));
    immutable(
        74,
        Period.class,
        (out, v) -> {
          out.writeVarInt(v.getYears(), false);
          out.writeVarInt(v.getMonths(), false);
          out.writeVarInt(v.getDays(), false);
        },
        in -> Period.of(in.readVarInt(false), in.readVarInt(false), in.readVarInt(false)));
    immutable(
        75,
        Year.class,
        (out, v) -> out.writeVarInt(v.getValue(), false),
        in -> Year.of(in.readVarInt(false)));
    immutable(
        76,
        YearMonth.class,
        (out, v) -> {
          out.writeVarInt(v.getYear(), false);
          out.writeByte(v.getMonthValue());
        },
        in -> YearMonth.of(in.readVarInt(false), in.readByte()));
    immutable(
        77,
        MonthDay.class,
        (out, v) -> {
          out.writeByte(v.getMonthValue());
          out.writeByte(v.getDayOfMonth());
        },
        in -> MonthDay.of(in.readByte(), in.readByte()));
    immutable(
        78,
        ZoneOffset.class,
        (out, v) -> out.writeVarInt(v.getTotalSeconds(), false),
        FixedTypes::readOffset);
    immutable(
        79,
        FixedTypes.<ZoneId>classOf(ZoneId.of("Europe/Paris")),
        (out, v) -> out.writeString(v.getId()),
        in -> ZoneId.of(readString(in)));
  }

  private static void writeInstant(Output out, Instant v) {
    out.writeVarLong(v.getEpochSecond(), false);
    out.writeVarInt(v.getNano(), true);
  }

  private static Instant readInstant(Input in) {
    return Instant.ofEpochSecond(in.readVarLong(false), in.readVarInt(true));
  }

  private static void writeTime(Output out, LocalTime v) {
    out.writeVarLong(v.toNanoOfDay(), true);
  }

  private static LocalTime readTime(Input in) {
    return LocalTime.ofNanoOfDay(in.readVarLong(true));
  }

  private static void writeDateTime(Output out, LocalDateTime v) {
    out.writeVarLong(v.toLocalDate().toEpochDay(), false);
    writeTime(out, v.toLocalTime());
  }

  private static LocalDateTime readDateTime(Input in) {
    return LocalDateTime.of(LocalDate.ofEpochDay(in.readVarLong(false)), readTime(in));
  }

  private static ZoneOffset readOffset(Input in) {
    return ZoneOffset.ofTotalSeconds(in.readVarInt(false));
  }

  private static void addArrays() {
    add(27, Object[].class, new ArraySerializer());
    add(28, String[].class, new ArraySerializer());
    mutable(29, byte[].class, ValueSerializer::writeBytes, ValueSerializer::readBytes);
    mutable(
        30,
        char[].class,
        (out, v) -> {
          out.writeVarInt(v.length, true);
          out.writeChars(v, 0, v.length);
        },
        in -> in.readChars(BoundedInput.length(in, 2)));
    mutable(
        31,
        int[].class,
        (out, v) -> {
          out.writeVarInt(v.length, true);
          out.writeInts(v, 0, v.length, false);
        },
        in -> in.readInts(BoundedInput.length(in, 1), false));
    mutable(
        32,
        long[].class,
        (out, v) -> {
          out.writeVarInt(v.length, true);
          out.writeLongs(v, 0, v.length, false);
        },
        in -> in.readLongs(BoundedInput.length(in, 1), false));
    mutable(
        33,
        double[].class,
        (out, v) -> {
          out.writeVarInt(v.length, true);
          out.writeDoubles(v, 0, v.length);
        },
        in -> in.readDoubles(BoundedInput.length(in, 8)));
    mutable(
        34,
        boolean[].class,
        (out, v) -> {
          out.writeVarInt(v.length, true);
          out.writeBooleans(v, 0, v.length);
        },
        in -> in.readBooleans(BoundedInput.length(in, 1)));
    mutable(
        35,
        short[].class,
        (out, v) -> {
          out.writeVarInt(v.length, true);
          out.writeShorts(v, 0, v.length);
        },
        in -> in.readShorts(BoundedInput.length(in, 2)));
    mutable(
        36,
        float[].class,
        (out, v) -> {
          out.writeVarInt(v.length, true);
          out.writeFloats(v, 0, v.length);
        },
        in -> in.readFloats(BoundedInput.length(in, 4)));
  }

  private static void addCollections() {
    collection(37, ArrayList.class, (size, c) -> new ArrayList<>(size));
    collection(38, LinkedList.class, (size, c) -> new LinkedList<>());
    add(39, HashMap.class, mapSerializer((size, c) -> hashMap(size), false, false));
    add(40, LinkedHashMap.class, new LinkedHashMapSerializer());
    add(41, TreeMap.class, mapSerializer((size, c) -> new TreeMap<>(c), true, false));
    collection(42, HashSet.class, (size, c) -> new HashSet<>(setRoom(size)));
    collection(43, LinkedHashSet.class, (size, c) -> new LinkedHashSet<>(setRoom(size)));
    add(44, TreeSet.class, collectionSerializer((size, c) -> new TreeSet<>(c), true, false));
    collection(45, ArrayDeque.class, (size, c) -> new ArrayDeque<>(size));
    readOnly(46, Vector.class, snapshot((size, c) -> new Vector<>(size)));
    readOnly(47, Stack.class, snapshot((size, c) -> new Stack<>()));
    readOnly(
        48, Hashtable.class, mapSerializer((size, c) -> new Hashtable<>(size + 1), false, false));
    add(
        49,
        ConcurrentHashMap.class,
        mapSerializer((size, c) -> concurrentHashMap(size), false, true));
    add(50, CopyOnWriteArrayList.class, snapshot((size, c) -> new CopyOnWriteArrayList<>()));
    readOnly(51, Arrays.asList().getClass(), new CollectionSerializers.OfArraysAsList());
    readOnly(87, CopyOnWriteArraySet.class, snapshot((size, c) -> new CopyOnWriteArraySet<>()));
    readOnly(
        88,
        ConcurrentSkipListMap.class,
        mapSerializer((size, c) -> new ConcurrentSkipListMap<>(c), true, true));
    readOnly(
        89,
        ConcurrentSkipListSet.class,
        collectionSerializer((size, c) -> new ConcurrentSkipListSet<>(c), true, true));
    add(90, ConcurrentLinkedQueue.class, snapshot((size, c) -> new ConcurrentLinkedQueue<>()));
    add(91, ConcurrentLinkedDeque.class, snapshot((size, c) -> new ConcurrentLinkedDeque<>()));
    readOnly(
        92,
        PriorityQueue.class,
        collectionSerializer((size, c) -> new PriorityQueue<>(c), true, false));
  }

  /** With the room that {@code HashMap.readObject} makes: the order of iteration depends on it. */
  private static Map<Object, Object> hashMap(int size) {
    return size == 0 ? new HashMap<>() : new HashMap<>(mapRoom(size));
  }

  /** JDK 19 and later make no more than that (JDK-8281631). */
  static int mapRoom(int size) {
    double room = ROUNDS_UP ? Math.ceil(size / (double) LOAD_FACTOR) : size / LOAD_FACTOR + 1;
    return Math.max((int) room, LEAST_ROOM);
  }

  /** As {@code HashSet.readObject}. */
  private static int setRoom(int size) {
    return (int) (size * (1 / LOAD_FACTOR));
  }

  /** As {@code ConcurrentHashMap.readObject}. */
  private static Map<Object, Object> concurrentHashMap(int size) {
    return size == 0 ? new ConcurrentHashMap<>() : new ConcurrentHashMap<>(size);
  }

  private static void addImmutableCollections() {
    var list =
        new CollectionSerializers.OfElements<List<Object>>(
            List::toArray, CollectionSerializers::listVariant, CollectionSerializers::listOf);
    add(52, List.of(1).getClass(), list);
    add(53, List.of().getClass(), list);
    var set =
        new CollectionSerializers.OfElements<Set<Object>>(
            CollectionSerializers::elementsOf, v -> 0, (kind, parts) -> Set.of(parts));
    add(54, Set.of(1).getClass(), set);
    add(55, Set.of().getClass(), set);
    var map =
        new CollectionSerializers.OfElements<Map<Object, Object>>(
            CollectionSerializers::entriesOf, v -> 0, CollectionSerializers::mapOf);
    add(56, Map.of(1, 1).getClass(), map);
    add(57, Map.of().getClass(), map);
    constant(58, Collections.emptyList());
    constant(59, Collections.emptyMap());
    constant(60, Collections.emptySet());
    add(
        65,
        Collections.singletonList(1).getClass(),
        new CollectionSerializers.OfElements<List<Object>>(
            List::toArray, v -> 0, (kind, parts) -> Collections.singletonList(parts[0])));
    add(
        66,
        Collections.singleton(1).getClass(),
        new CollectionSerializers.OfElements<Set<Object>>(
            Set::toArray, v -> 0, (kind, parts) -> Collections.singleton(parts[0])));
    add(
        67,
        Collections.singletonMap(1, 1).getClass(),
        new CollectionSerializers.OfElements<Map<Object, Object>>(
            CollectionSerializers::keysAndValues,
            v -> 0,
            (kind, parts) -> Collections.singletonMap(parts[0], parts[1])));
    add(
        80,
        Optional.class,
        new CollectionSerializers.OfElements<Optional<Object>>(
            v -> v.stream().toArray(),
            v -> 0,
            (kind, parts) -> parts.length == 0 ? Optional.empty() : Optional.of(parts[0])));
  }

  private static void addRest() {
    mutable(
        61,
        AtomicInteger.class,
        (out, v) -> out.writeVarInt(v.get(), false),
        in -> new AtomicInteger(in.readVarInt(false)));
    mutable(
        62,
        AtomicLong.class,
        (out, v) -> out.writeVarLong(v.get(), false),
        in -> new AtomicLong(in.readVarLong(false)));
    mutable(
        63,
        AtomicBoolean.class,
        (out, v) -> out.writeBoolean(v.get()),
        in -> new AtomicBoolean(in.readBoolean()));
    add(64, AtomicReference.class, new AtomicReferenceSerializer());
    constant(68, String.CASE_INSENSITIVE_ORDER);
    constant(69, Collections.reverseOrder());
    constant(70, Comparator.naturalOrder());
    immutable(
        71,
        Currency.class,
        (out, v) -> out.writeString(v.getCurrencyCode()),
        in -> Currency.getInstance(readString(in)));
    // Two that are equal in all their parts are not equal, so it matters whether they are one.
    readOnly(
        72,
        Pattern.class,
        new ValueSerializer<Pattern>(
            (out, v) -> {
              out.writeString(v.pattern());
              out.writeVarInt(v.flags(), true);
            },
            in -> Pattern.compile(readString(in), in.readVarInt(true))));
    VALUES.add(Pattern.class);
    IMMUTABLE.add(Pattern.class);
    immutable(
        81,
        OptionalInt.class,
        (out, v) -> {
          out.writeBoolean(v.isPresent());
          v.ifPresent(i -> out.writeVarInt(i, false));
        },
        in -> in.readBoolean() ? OptionalInt.of(in.readVarInt(false)) : OptionalInt.empty());
    immutable(
        82,
        OptionalLong.class,
        (out, v) -> {
          out.writeBoolean(v.isPresent());
          v.ifPresent(l -> out.writeVarLong(l, false));
        },
        in -> in.readBoolean() ? OptionalLong.of(in.readVarLong(false)) : OptionalLong.empty());
    immutable(
        83,
        OptionalDouble.class,
        (out, v) -> {
          out.writeBoolean(v.isPresent());
          v.ifPresent(out::writeDouble);
        },
        in -> in.readBoolean() ? OptionalDouble.of(in.readDouble()) : OptionalDouble.empty());
    readOnly(
        84,
        StringBuilder.class,
        new ValueSerializer<StringBuilder>(
            (out, v) -> out.writeString(v.toString()), in -> new StringBuilder(readString(in))));
    readOnly(
        85,
        StringBuffer.class,
        new ValueSerializer<StringBuffer>(
            (out, v) -> out.writeString(v.toString()), in -> new StringBuffer(readString(in))));
    readOnly(
        86,
        BitSet.class,
        new ValueSerializer<BitSet>(
            (out, v) -> ValueSerializer.writeBytes(out, v.toByteArray()),
            in -> BitSet.valueOf(readBytes(in))));
    mutable(94, Object.class, (out, v) -> {}, in -> new Object());
  }

  private static <T> void immutable(
      int number,
      Class<T> type,
      ValueSerializer.Writer<T> writer,
      ValueSerializer.Reader<T> reader) {
    mutable(number, type, writer, reader);
    VALUES.add(type);
    IMMUTABLE.add(type);
  }

  static <T> void mutable(
      int number,
      Class<T> type,
      ValueSerializer.Writer<T> writer,
      ValueSerializer.Reader<T> reader) {
    add(number, type, new ValueSerializer<>(writer, reader));
  }

  private static void constant(int number, Object constant) {
    Class<Object> type = classOf(constant);
    immutable(number, type, (out, v) -> {}, in -> constant);
  }

  private static void collection(
      int number, Class<?> type, CollectionSerializers.Maker<Collection<Object>> maker) {
    add(number, type, collectionSerializer(maker, false, false));
  }

  private static Serializer<?> snapshot(CollectionSerializers.Maker<Collection<Object>> maker) {
    return collectionSerializer(maker, false, true);
  }

  private static Serializer<?> collectionSerializer(
      CollectionSerializers.Maker<Collection<Object>> maker, boolean sorted, boolean snapshot) {
    return new CollectionSerializers.OfCollection<>(maker, sorted, snapshot);
  }

  private static Serializer<?> mapSerializer(
      CollectionSerializers.Maker<Map<Object, Object>> maker, boolean sorted, boolean snapshot) {
    return new CollectionSerializers.OfMap<>(maker, sorted, snapshot);
  }

  /** Earlier versions wrote the class under this number; JDK serialization does so now. */
  private static void readOnly(int number, Class<?> type, Serializer<?> serializer) {
    if (BY_NUMBER[number] != null) {
      throw new IllegalStateException("The number " + number + " is taken");
    }
    BY_NUMBER[number] = new Registration(type, serializer, number);
  }

  private static void add(int number, Class<?> type, Serializer<?> serializer) {
    readOnly(number, type, serializer);
    BY_CLASS.putIfAbsent(type, Objects.requireNonNull(BY_NUMBER[number]));
  }

  @SuppressWarnings("unchecked")
  private static <T> Class<T> classOf(T value) {
    return (Class<T>) value.getClass();
  }
}
