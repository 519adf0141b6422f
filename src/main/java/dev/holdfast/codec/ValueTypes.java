package dev.holdfast.codec;

import static dev.holdfast.codec.ValueSerializer.readBytes;
import static dev.holdfast.codec.ValueSerializer.readString;

import com.esotericsoftware.kryo.kryo5.Registration;
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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Those of the {@link FixedTypes} whose values lead to no other object, with their numbers. Which
 * of them cannot change is part of the promise about numbers, since it decides whether a value that
 * occurs again is written again or referred to (see {@link References}).
 */
@SuppressWarnings({"JavaUtilDate", "JdkObsolete"}) // Sessions may hold such values.
final class ValueTypes {
  /** The number of {@code String}. */
  static final int TEXT = 1;

  private static final List<Registration> REGISTRATIONS = new ArrayList<>();
  private static final List<Registration> READ_ONLY = new ArrayList<>();

  /** Values that cannot change and lead to no other. */
  private static final Set<Class<?>> IMMUTABLE = new HashSet<>();

  private ValueTypes() {}

  static {
    addBasics();
    addTimes();
    addArrays();
    addConstants();
    addRest();
    if (ModuleLayer.boot().findModule("java.sql").isPresent()) {
      REGISTRATIONS.addAll(SqlTypes.registrations());
    }
    // A class leads to no other object either; its serializer asks the allow-list, so its number
    // is among the other fixed types.
    IMMUTABLE.add(Class.class);
  }

  /** How bytes refer to the class of this number. */
  static int reference(int number) {
    return number << 1 | 1;
  }

  /** Registrations of the classes that are written and read. */
  static List<Registration> registrations() {
    return Collections.unmodifiableList(REGISTRATIONS);
  }

  /**
   * Registrations of the classes that earlier versions wrote; JDK serialization writes them now.
   */
  static List<Registration> readOnlyRegistrations() {
    return Collections.unmodifiableList(READ_ONLY);
  }

  /** Whether no instance of exactly this class can ever change. */
  static boolean isImmutable(Class<?> type) {
    return IMMUTABLE.contains(type);
  }

  private static void addBasics() {
    immutable(TEXT, String.class, Output::writeString, ValueSerializer::readString);
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
    immutable(24, Locale.class, ValueTypes::writeLocale, ValueTypes::readLocale);
    immutable(
        25, URI.class, (out, v) -> out.writeString(v.toString()), in -> URI.create(readString(in)));
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
    immutable(16, Instant.class, ValueTypes::writeInstant, ValueTypes::readInstant);
    immutable(
        17,
        LocalDate.class,
        (out, v) -> out.writeVarLong(v.toEpochDay(), false),
        in -> LocalDate.ofEpochDay(in.readVarLong(false)));
    immutable(18, LocalTime.class, ValueTypes::writeTime, ValueTypes::readTime);
    immutable(19, LocalDateTime.class, ValueTypes::writeDateTime, ValueTypes::readDateTime);
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
        ValueTypes::readOffset);
    immutable(
        79,
        ValueTypes.<ZoneId>classOf(ZoneId.of("Europe/Paris")),
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

  private static void addConstants() {
    constant(58, Collections.emptyList());
    constant(59, Collections.emptyMap());
    constant(60, Collections.emptySet());
    constant(68, String.CASE_INSENSITIVE_ORDER);
    constant(69, Collections.reverseOrder());
    constant(70, Comparator.naturalOrder());
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
    immutable(
        71,
        Currency.class,
        (out, v) -> out.writeString(v.getCurrencyCode()),
        in -> Currency.getInstance(readString(in)));
    // Two with equal parts are not equal to each other, so it matters whether they are one object.
    readOnly(
        72,
        Pattern.class,
        (out, v) -> {
          out.writeString(v.pattern());
          out.writeVarInt(v.flags(), true);
        },
        in -> Pattern.compile(readString(in), in.readVarInt(true)));
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
        (out, v) -> out.writeString(v.toString()),
        in -> new StringBuilder(readString(in)));
    readOnly(
        85,
        StringBuffer.class,
        (out, v) -> out.writeString(v.toString()),
        in -> new StringBuffer(readString(in)));
    readOnly(
        86,
        BitSet.class,
        (out, v) -> ValueSerializer.writeBytes(out, v.toByteArray()),
        in -> BitSet.valueOf(readBytes(in)));
    mutable(94, Object.class, (out, v) -> {}, in -> new Object());
  }

  private static <T> void immutable(
      int number,
      Class<T> type,
      ValueSerializer.Writer<T> writer,
      ValueSerializer.Reader<T> reader) {
    mutable(number, type, writer, reader);
    IMMUTABLE.add(type);
  }

  private static <T> void mutable(
      int number,
      Class<T> type,
      ValueSerializer.Writer<T> writer,
      ValueSerializer.Reader<T> reader) {
    REGISTRATIONS.add(new Registration(type, new ValueSerializer<>(writer, reader), number));
  }

  private static void constant(int number, Object constant) {
    Class<Object> type = classOf(constant);
    immutable(number, type, (out, v) -> {}, in -> constant);
  }

  private static <T> void readOnly(
      int number,
      Class<T> type,
      ValueSerializer.Writer<T> writer,
      ValueSerializer.Reader<T> reader) {
    READ_ONLY.add(new Registration(type, new ValueSerializer<>(writer, reader), number));
  }

  @SuppressWarnings("unchecked")
  private static <T> Class<T> classOf(T value) {
    return (Class<T>) value.getClass();
  }
}
