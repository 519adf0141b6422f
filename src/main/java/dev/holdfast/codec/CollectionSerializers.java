package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The collections of the JDK that Kryo writes. The size is written first, so a collection that then
 * delivers another number of elements was changed meanwhile; that is reported with the exception
 * that the collections themselves throw. Those made for concurrent use are written from a snapshot.
 *
 * <p>They are rebuilt as their own {@code readObject} does it: hash tables with the capacity that
 * it gives them, so that they iterate in the same order, and sorted collections in the order in
 * which they are stored, without comparing. An element may have changed since it was inserted, or
 * lead back to its set and be half read; a comparison would then lose it.
 *
 * <p>Each needs one frame of the stack for each level; {@link TextKryo} says why.
 */
final class CollectionSerializers {

  private CollectionSerializers() {}

  /** Makes an empty collection for a number of elements and, for sorted ones, with a comparator. */
  interface Maker<T> {
    T make(int size, @Nullable Comparator<Object> comparator);
  }

  static final class OfCollection extends Serializer<Object> {
    private final Maker<Collection<Object>> maker;
    private final boolean sorted;
    private final boolean snapshot;

    OfCollection(Maker<Collection<Object>> maker, boolean sorted, boolean snapshot) {
      this.maker = maker;
      this.sorted = sorted;
      this.snapshot = snapshot;
    }

    @Override
    public void write(Kryo kryo, Output output, Object object) {
      Collection<?> elements = elements(kryo, output, (Collection<?>) object);
      int size = writeSize(output, elements.size());
      int written = 0;
      boolean hashed = object instanceof Set && !sorted;
      for (Object element : elements) {
        if (hashed) {
          TextKryo.walk(kryo).doubtUnlessValue(element);
        }
        kryo.writeClassAndObject(output, element);
        written++;
      }
      requireSame(size, written, object);
    }

    /** Writes what stands ahead of the size; answers the elements that follow it. */
    private Collection<?> elements(Kryo kryo, Output output, Collection<?> collection) {
      if (sorted) {
        SortedViews.refuse(collection);
        writeComparator(kryo, output, collection, ((SortedSet<?>) collection).comparator());
      }
      return snapshot ? Arrays.asList(collection.toArray()) : collection;
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
      Comparator<Object> comparator = sorted ? readComparator(kryo, input) : null;
      int size = BoundedInput.length(input, 1);
      Collection<Object> collection = maker.make(size, comparator);
      kryo.reference(collection);
      Collection<Object> read = collector(collection, size, comparator);
      for (int i = 0; i < size; i++) {
        read.add(kryo.readClassAndObject(input));
      }
      if (read != collection) {
        collection.addAll(read);
      }
      return collection;
    }

    /** What takes the elements one by one: the collection itself, unless it takes all at once. */
    private Collection<Object> collector(
        Collection<Object> collection, int size, @Nullable Comparator<Object> comparator) {
      if (sorted) {
        return new SortedElements(comparator, size);
      }
      return snapshot ? new ArrayList<>(size) : collection;
    }
  }

  /**
   * A source from which a TreeSet with the same comparator takes all elements as they come ({@code
   * TreeSet.addAll} of a SortedSet).
   */
  private static final class SortedElements extends TreeSet<Object> {
    private static final long serialVersionUID = 1L;

    private final transient List<Object> elements;

    SortedElements(@Nullable Comparator<Object> comparator, int size) {
      super(comparator);
      this.elements = new ArrayList<>(size);
    }

    @Override
    public boolean add(Object element) {
      return elements.add(element);
    }

    @Override
    public int size() {
      return elements.size();
    }

    @Override
    public Iterator<Object> iterator() {
      return elements.iterator();
    }
  }

  /** A source from which a TreeMap with the same comparator takes all entries as they come. */
  private static final class SortedEntries extends TreeMap<Object, Object> {
    private static final long serialVersionUID = 1L;

    private final transient List<Map.Entry<Object, Object>> entries;

    SortedEntries(@Nullable Comparator<Object> comparator, int size) {
      super(comparator);
      this.entries = new ArrayList<>(size);
    }

    @Override
    public @Nullable Object put(Object key, Object value) {
      entries.add(new AbstractMap.SimpleImmutableEntry<>(key, value));
      return null;
    }

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public int size() {
          return entries.size();
        }

        @Override
        public Iterator<Map.Entry<Object, Object>> iterator() {
          return entries.iterator();
        }
      };
    }
  }

  static class OfMap extends Serializer<Object> {
    private final Maker<Map<Object, Object>> maker;
    private final boolean sorted;
    private final boolean snapshot;

    OfMap(Maker<Map<Object, Object>> maker, boolean sorted, boolean snapshot) {
      this.maker = maker;
      this.sorted = sorted;
      this.snapshot = snapshot;
    }

    @Override
    public final void write(Kryo kryo, Output output, Object object) {
      Map<?, ?> map = begin(kryo, output, (Map<?, ?>) object);
      int size = writeSize(output, map.size());
      int written = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!sorted) {
          TextKryo.walk(kryo).doubtUnlessValue(entry.getKey());
        }
        kryo.writeClassAndObject(output, entry.getKey());
        kryo.writeClassAndObject(output, entry.getValue());
        written++;
      }
      requireSame(size, written, map);
    }

    /** Writes what stands ahead of the size; answers the map whose entries follow it. */
    Map<?, ?> begin(Kryo kryo, Output output, Map<?, ?> map) {
      if (sorted) {
        writeComparator(kryo, output, map, ((SortedMap<?, ?>) map).comparator());
      }
      return snapshot ? new LinkedHashMap<>(map) : map;
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
      Comparator<Object> comparator = sorted ? readComparator(kryo, input) : null;
      int size = BoundedInput.length(input, 2);
      Map<Object, Object> map = maker.make(size, comparator);
      kryo.reference(map);
      Map<Object, Object> read = sorted ? new SortedEntries(comparator, size) : map;
      for (int i = 0; i < size; i++) {
        Object key = kryo.readClassAndObject(input);
        read.put(key, kryo.readClassAndObject(input));
      }
      if (read != map) {
        map.putAll(read);
      }
      return map;
    }
  }

  private static int writeSize(Output output, int size) {
    output.writeVarInt(size, true);
    return size;
  }

  private static void requireSame(int size, int written, Object collection) {
    if (size != written) {
      throw new ConcurrentModificationException(
          collection.getClass().getName()
              + " declared "
              + size
              + " elements and delivered "
              + written);
    }
  }

  private static void writeComparator(
      Kryo kryo, Output output, Object owner, @Nullable Comparator<?> comparator) {
    TextKryo.references(kryo).open(owner);
    kryo.writeClassAndObject(output, comparator);
    TextKryo.references(kryo).close();
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Comparator<Object> readComparator(Kryo kryo, Input input) {
    Object comparator = kryo.readClassAndObject(input);
    if (comparator != null && !(comparator instanceof Comparator<?>)) {
      throw new UndecodableValueException(
          comparator.getClass().getName() + " is no comparator any more", null);
    }
    return (Comparator<Object>) comparator;
  }

  /**
   * Collections that are made from all their elements at once: {@code List.of}, singletons and the
   * like.
   */
  static final class OfElements<T> extends Serializer<Object> {
    private final Function<T, Object[]> parts;
    private final BiFunction<Integer, Object[], T> maker;
    private final Function<T, Integer> variant;

    /**
     * @param parts the elements; for a map, its keys and values in turn
     * @param variant a small number that {@code maker} gets back
     */
    OfElements(
        Function<T, Object[]> parts,
        Function<T, Integer> variant,
        BiFunction<Integer, Object[], T> maker) {
      this.parts = parts;
      this.variant = variant;
      this.maker = maker;
    }

    @Override
    public void write(Kryo kryo, Output output, Object value) {
      boolean hashed = value instanceof Set || value instanceof Map;
      for (Object element : begin(kryo, output, value)) {
        if (hashed) {
          TextKryo.walk(kryo).doubtUnlessValue(element);
        }
        kryo.writeClassAndObject(output, element);
      }
      TextKryo.references(kryo).close();
    }

    /** Writes what stands ahead of the elements; answers them. */
    private Object[] begin(Kryo kryo, Output output, Object object) {
      @SuppressWarnings("unchecked")
      T value = (T) object;
      Object[] elements = parts.apply(value);
      output.writeVarInt(variant.apply(value), true);
      output.writeVarInt(elements.length, true);
      TextKryo.references(kryo).open(value);
      return elements;
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
      int kind = input.readVarInt(true);
      Object[] elements = new Object[BoundedInput.length(input, 1)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = kryo.readClassAndObject(input);
      }
      return make(kind, elements, type);
    }

    private T make(int kind, Object[] elements, Class<?> type) {
      try {
        return maker.apply(kind, elements);
      } catch (IllegalArgumentException | NullPointerException | IndexOutOfBoundsException e) {
        throw new UndecodableValueException("The stored bytes are no " + type.getName(), e);
      }
    }
  }

  /** {@code Arrays.asList}, as earlier versions wrote it: without its array. */
  static final class OfArraysAsList extends Serializer<Object> {

    @Override
    public void write(Kryo kryo, Output output, Object list) {
      throw new IllegalStateException("JDK serialization writes " + list.getClass());
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
      Object[] elements = new Object[BoundedInput.length(input, 1)];
      List<Object> list = Arrays.asList(elements);
      kryo.reference(list);
      for (int i = 0; i < elements.length; i++) {
        elements[i] = kryo.readClassAndObject(input);
      }
      return list;
    }
  }

  /**
   * {@code List.of} (0) and {@code Stream.toList} (1), which share a class but treat null
   * differently.
   */
  static List<Object> listOf(int variant, Object[] elements) {
    return variant == 0 ? List.of(elements) : Stream.of(elements).toList();
  }

  static int listVariant(List<Object> list) {
    try {
      list.indexOf(null);
      return 1;
    } catch (NullPointerException e) {
      return 0;
    }
  }

  /**
   * Whether {@code Set.of} of this JVM iterates over two elements in reverse. It iterates over the
   * table of a larger set in the other direction, so elements that are inserted again in the order
   * of the table iterate as before.
   */
  private static final boolean REVERSED = Set.of(1, 2).iterator().next() == 2;

  /** The elements of {@code Set.of} in the order in which it holds them. */
  static Object[] elementsOf(Set<Object> set) {
    List<Object> elements = new ArrayList<>(set);
    if ((set.size() == 2) == REVERSED) {
      Collections.reverse(elements);
    }
    return elements.toArray();
  }

  /** The keys and values of {@code Map.of} in the order in which it holds them. */
  static Object[] entriesOf(Map<Object, Object> map) {
    List<Map.Entry<Object, Object>> entries = new ArrayList<>(map.entrySet());
    if (!REVERSED) {
      Collections.reverse(entries);
    }
    return keysAndValues(entries);
  }

  static Object[] keysAndValues(Map<Object, Object> map) {
    return keysAndValues(map.entrySet());
  }

  private static Object[] keysAndValues(Collection<Map.Entry<Object, Object>> entries) {
    Object[] parts = new Object[entries.size() * 2];
    int i = 0;
    for (Map.Entry<Object, Object> entry : entries) {
      parts[i++] = entry.getKey();
      parts[i++] = entry.getValue();
    }
    return parts;
  }

  static Map<Object, Object> mapOf(int variant, Object[] parts) {
    Map.Entry<?, ?>[] entries = new Map.Entry<?, ?>[parts.length / 2];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = Map.entry(parts[2 * i], parts[2 * i + 1]);
    }
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) (Map<?, ?>) Map.ofEntries(entries);
    return map;
  }
}
