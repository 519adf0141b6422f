package dev.holdfast.security;

import java.util.HashSet;
import java.util.Set;

/**
 * The classes of the JDK that stored bytes may name: values, collections and the helpers they
 * serialize through. Every name is spelled out; a package of the JDK is never allowed as a whole,
 * for several of them hold classes that run code when they are read.
 */
final class JdkValueClasses {
  static final Set<String> NAMES = names();

  private static final String COLLECTIONS =
      "EmptyList EmptyMap EmptySet SingletonList SingletonMap SingletonSet CopiesList SetFromMap AsLIFOQueue "
          + "ReverseComparator ReverseComparator2 "
          + "UnmodifiableCollection UnmodifiableList UnmodifiableRandomAccessList UnmodifiableMap UnmodifiableSet "
          + "UnmodifiableSortedMap UnmodifiableSortedSet UnmodifiableNavigableMap UnmodifiableNavigableSet "
          + "UnmodifiableNavigableMap$EmptyNavigableMap UnmodifiableNavigableSet$EmptyNavigableSet "
          + "UnmodifiableMap$UnmodifiableEntrySet UnmodifiableSequencedCollection UnmodifiableSequencedSet "
          + "UnmodifiableSequencedMap "
          + "SynchronizedCollection SynchronizedList SynchronizedRandomAccessList SynchronizedMap SynchronizedSet "
          + "SynchronizedSortedMap SynchronizedSortedSet SynchronizedNavigableMap SynchronizedNavigableSet "
          + "CheckedCollection CheckedList CheckedRandomAccessList CheckedMap CheckedSet CheckedQueue "
          + "CheckedSortedMap CheckedSortedSet CheckedNavigableMap CheckedNavigableSet";

  private static final String LANG =
      "Object String Number Integer Long Short Byte Character Boolean Float Double Enum Record Class StringBuilder "
          + "StringBuffer String$CaseInsensitiveComparator StackTraceElement reflect.Proxy "
          + "Throwable Exception RuntimeException Error ArithmeticException ArrayIndexOutOfBoundsException "
          + "ArrayStoreException AssertionError ClassCastException ClassNotFoundException "
          + "CloneNotSupportedException IllegalArgumentException IllegalMonitorStateException "
          + "IllegalStateException IndexOutOfBoundsException InterruptedException LinkageError "
          + "NegativeArraySizeException NoClassDefFoundError NoSuchFieldException NoSuchMethodException "
          + "NullPointerException NumberFormatException OutOfMemoryError ReflectiveOperationException "
          + "SecurityException StackOverflowError StringIndexOutOfBoundsException "
          + "UnsupportedOperationException VirtualMachineError ExceptionInInitializerError "
          + "InstantiationException IllegalAccessException reflect.InvocationTargetException";

  private static final String UTIL =
      "TreeMap$AscendingSubMap TreeMap$DescendingSubMap TreeMap$NavigableSubMap TreeMap$SubMap "
          + "ArrayList LinkedList HashMap LinkedHashMap TreeMap HashSet LinkedHashSet TreeSet ArrayDeque Vector Stack "
          + "Hashtable Properties Dictionary IdentityHashMap PriorityQueue BitSet EnumMap EnumSet RegularEnumSet "
          + "JumboEnumSet EnumSet$SerializationProxy CollSer Arrays$ArrayList AbstractList AbstractMap "
          + "AbstractSet AbstractCollection AbstractQueue AbstractSequentialList "
          + "AbstractMap$SimpleEntry AbstractMap$SimpleImmutableEntry KeyValueHolder "
          + "ImmutableCollections$ListN ImmutableCollections$List12 ImmutableCollections$SetN "
          + "ImmutableCollections$Set12 ImmutableCollections$MapN ImmutableCollections$Map1 "
          + "Comparators$NaturalOrderComparator Map$Entry Date Calendar GregorianCalendar TimeZone "
          + "SimpleTimeZone UUID Locale Currency Random EventObject OptionalInt StringJoiner "
          + "regex.Pattern concurrent.TimeUnit "
          + "concurrent.ConcurrentHashMap concurrent.ConcurrentHashMap$Segment "
          + "concurrent.ConcurrentHashMap$CollectionView concurrent.ConcurrentHashMap$KeySetView "
          + "concurrent.ConcurrentSkipListMap$SubMap concurrent.atomic.AtomicReferenceArray "
          + "concurrent.locks.AbstractQueuedSynchronizer$ConditionObject "
          + "concurrent.CopyOnWriteArrayList concurrent.CopyOnWriteArraySet "
          + "concurrent.ConcurrentSkipListMap concurrent.ConcurrentSkipListSet "
          + "concurrent.ConcurrentLinkedQueue concurrent.ConcurrentLinkedDeque "
          + "concurrent.LinkedBlockingQueue concurrent.LinkedBlockingDeque concurrent.ArrayBlockingQueue "
          + "concurrent.PriorityBlockingQueue "
          + "concurrent.atomic.AtomicInteger concurrent.atomic.AtomicLong concurrent.atomic.AtomicBoolean "
          + "concurrent.atomic.AtomicReference concurrent.atomic.AtomicIntegerArray "
          + "concurrent.atomic.AtomicLongArray concurrent.atomic.LongAdder "
          + "concurrent.atomic.LongAdder$SerializationProxy concurrent.atomic.Striped64 "
          + "concurrent.locks.ReentrantLock concurrent.locks.ReentrantLock$Sync "
          + "concurrent.locks.ReentrantLock$NonfairSync concurrent.locks.ReentrantLock$FairSync "
          + "concurrent.locks.ReentrantReadWriteLock concurrent.locks.ReentrantReadWriteLock$Sync "
          + "concurrent.locks.ReentrantReadWriteLock$NonfairSync "
          + "concurrent.locks.ReentrantReadWriteLock$FairSync "
          + "concurrent.locks.ReentrantReadWriteLock$ReadLock "
          + "concurrent.locks.ReentrantReadWriteLock$WriteLock "
          + "concurrent.locks.AbstractQueuedSynchronizer concurrent.locks.AbstractOwnableSynchronizer "
          + "ConcurrentModificationException EmptyStackException InputMismatchException "
          + "MissingResourceException NoSuchElementException MissingFormatArgumentException "
          + "IllegalFormatException concurrent.ExecutionException concurrent.TimeoutException "
          + "concurrent.CancellationException concurrent.CompletionException";

  private static final String TIME =
      "Ser Instant LocalDate LocalTime LocalDateTime ZonedDateTime OffsetDateTime OffsetTime Duration Period Year "
          + "YearMonth MonthDay ZoneId ZoneOffset ZoneRegion DayOfWeek Month DateTimeException "
          + "format.DateTimeParseException temporal.ChronoUnit temporal.ChronoField chrono.Ser "
          + "zone.Ser zone.ZoneRules";

  private static final String TEXT =
      "Format NumberFormat DecimalFormat DecimalFormatSymbols DateFormat SimpleDateFormat DateFormatSymbols "
          + "MessageFormat ChoiceFormat ParseException NumberFormat$Style DateFormat$Field "
          + "NumberFormat$Field Format$Field AttributedCharacterIterator$Attribute";

  private static final String OTHER =
      "java.math.BigDecimal java.math.BigInteger java.math.MathContext java.math.RoundingMode "
          + "java.net.URI java.net.URL java.net.InetAddress java.net.Inet4Address java.net.Inet6Address "
          + "java.net.InetSocketAddress java.net.SocketAddress java.net.URISyntaxException "
          + "java.net.MalformedURLException java.net.SocketException java.net.SocketTimeoutException "
          + "java.net.ConnectException java.net.UnknownHostException "
          + "java.io.File java.io.Serializable java.io.IOException java.io.FileNotFoundException "
          + "java.io.EOFException java.io.UncheckedIOException java.io.NotSerializableException "
          + "java.io.ObjectStreamException java.io.InvalidObjectException java.nio.file.FileSystemException "
          + "java.nio.file.NoSuchFileException "
          + "java.sql.Timestamp java.sql.Date java.sql.Time java.sql.SQLException "
          + "java.sql.SQLTransientException java.sql.SQLNonTransientException java.sql.BatchUpdateException "
          + "java.sql.SQLIntegrityConstraintViolationException java.sql.SQLSyntaxErrorException "
          + "java.sql.SQLTimeoutException "
          + "java.security.Principal "
          + "sun.util.calendar.ZoneInfo sun.util.calendar.Gregorian "
          + "java.lang.Comparable java.lang.CharSequence java.lang.Cloneable java.lang.Runnable "
          + "java.util.List java.util.Map java.util.Set java.util.Collection java.util.Comparator "
          + "java.lang.Iterable java.lang.Void";

  private JdkValueClasses() {}

  private static Set<String> names() {
    Set<String> names = new HashSet<>();
    add(names, "java.util.Collections$", COLLECTIONS);
    add(names, "java.lang.", LANG);
    add(names, "java.util.", UTIL);
    add(names, "java.time.", TIME);
    add(names, "java.text.", TEXT);
    add(names, "", OTHER);
    return Set.copyOf(names);
  }

  private static void add(Set<String> names, String prefix, String simpleNames) {
    for (String name : simpleNames.split(" ", -1)) {
      names.add(prefix + name);
    }
  }
}
