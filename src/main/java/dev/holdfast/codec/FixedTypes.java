package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.Serializer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the JDK that have a number in stored bytes instead of a name. Those whose values
 * lead to no other object are in {@link ValueTypes}; those that hold objects are here.
 *
 * <p>Only what the public methods of a class tell can be written here. A class with more state than
 * that, such as the spare room of a Vector, the array behind {@code Arrays.asList} or the order of
 * a heap, is left to JDK serialization; {@link #readOnly} keeps its number readable.
 *
 * <p>The numbers and what follows them are a promise: never change a number, never reuse one, add
 * new ones at the end. Numbers below 64 take one byte. A test keeps encodings of the first release.
 */
@SuppressWarnings("JdkObsolete") // Sessions may hold such values.
final class FixedTypes {
  /**
   * The number that stands for an object in a JDK serialization stream of its own ({@link
   * Embedding}).
   */
  static final int EMBEDDED = 0;

  private static final int LAST = 94;
  private static final Map<Class<?>, Registration> BY_CLASS = new HashMap<>();
  private static final @Nullable Registration[] BY_NUMBER = new Registration[LAST + 1];

  private FixedTypes() {}

  static {
    ValueTypes.registrations().forEach(FixedTypes::add);
    ValueTypes.readOnlyRegistrations().forEach(FixedTypes::readOnly);
    add(26, Class.class, new ClassSerializer());
    add(27, Object[].class, new ArraySerializer());
    add(28, String[].class, new ArraySerializer());
    addCollections();
    addImmutableCollections();
    add(64, AtomicReference.class, new AtomicReferenceSerializer());
  }

  static @Nullable Registration of(Class<?> type) {
    return BY_CLASS.get(type);
  }

  static @Nullable Registration of(int number) {
    return number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  private static void addCollections() {
    collection(37, ArrayList.class, (size, c) -> new ArrayList<>(size));
    collection(38, LinkedList.class, (size, c) -> new LinkedList<>());
    add(39, HashMap.class, mapSerializer((size, c) -> HashTables.hashMap(size), false, false));
    add(40, LinkedHashMap.class, new LinkedHashMapSerializer());
    add(41, TreeMap.class, mapSerializer((size, c) -> new TreeMap<>(c), true, false));
    collection(42, HashSet.class, (size, c) -> HashTables.hashSet(size));
    collection(43, LinkedHashSet.class, (size, c) -> HashTables.linkedHashSet(size));
    add(44, TreeSet.class, collectionSerializer((size, c) -> new TreeSet<>(c), true, false));
    collection(45, ArrayDeque.class, (size, c) -> new ArrayDeque<>(size));
    readOnly(46, Vector.class, snapshot((size, c) -> new Vector<>(size)));
    readOnly(47, Stack.class, snapshot((size, c) -> new Stack<>()));
    readOnly(
        48, Hashtable.class, mapSerializer((size, c) -> new Hashtable<>(size + 1), false, false));
    add(
        49,
        ConcurrentHashMap.class,
        mapSerializer((size, c) -> HashTables.concurrentHashMap(size), false, true));
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

  private static void collection(
      int number, Class<?> type, CollectionSerializers.Maker<Collection<Object>> maker) {
    add(number, type, collectionSerializer(maker, false, false));
  }

  private static Serializer<?> snapshot(CollectionSerializers.Maker<Collection<Object>> maker) {
    return collectionSerializer(maker, false, true);
  }

  private static Serializer<?> collectionSerializer(
      CollectionSerializers.Maker<Collection<Object>> maker, boolean sorted, boolean snapshot) {
    return new CollectionSerializers.OfCollection(maker, sorted, snapshot);
  }

  private static Serializer<?> mapSerializer(
      CollectionSerializers.Maker<Map<Object, Object>> maker, boolean sorted, boolean snapshot) {
    return new CollectionSerializers.OfMap(maker, sorted, snapshot);
  }

  /**
   * Reads a class that earlier versions wrote under this number; JDK serialization writes it now.
   */
  private static void readOnly(int number, Class<?> type, Serializer<?> serializer) {
    readOnly(new Registration(type, serializer, number));
  }

  private static void readOnly(Registration registration) {
    int number = registration.getId();
    if (BY_NUMBER[number] != null) {
      throw new IllegalStateException("The number " + number + " is taken");
    }
    BY_NUMBER[number] = registration;
  }

  private static void add(int number, Class<?> type, Serializer<?> serializer) {
    add(new Registration(type, serializer, number));
  }

  private static void add(Registration registration) {
    readOnly(registration);
    BY_CLASS.putIfAbsent(registration.getType(), registration);
  }
}
