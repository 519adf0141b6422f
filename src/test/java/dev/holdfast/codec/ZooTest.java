package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import java.io.Externalizable;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rarer values of legacy applications, beside those of {@link RoundTripTest}: each comes back
 * as it was or is refused when it is set, with class, path and remedy.
 */
class ZooTest {
  private final AttributeCodec codec = Codecs.ofTests();

  private static TreeMap<Integer, String> tree() {
    return new TreeMap<>(Map.of(1, "a", 2, "b", 3, "c"));
  }

  static Stream<Object> kept() {
    return Stream.of(
        Collections.unmodifiableSet(new TreeSet<>(List.of(1))),
        Collections.unmodifiableSortedMap(tree()),
        Collections.unmodifiableNavigableMap(tree()),
        Collections.unmodifiableNavigableSet(new TreeSet<>(List.of(1, 2))),
        Collections.synchronizedList(new ArrayList<>(List.of(1))),
        Collections.synchronizedList(new LinkedList<>(List.of(1))),
        Collections.synchronizedNavigableMap(tree()),
        Collections.checkedList(new ArrayList<>(List.of(1)), Integer.class),
        Collections.emptySortedMap(),
        Collections.newSetFromMap(new ConcurrentHashMap<>()),
        tree().subMap(1, 3),
        tree().headMap(2),
        tree().descendingMap(),
        tree().tailMap(2, true).descendingMap(),
        new ConcurrentSkipListMap<>(tree()).subMap(1, 3),
        concurrentSet(),
        new External("x"),
        new Replaced("x"),
        new HashMapWithField("x"));
  }

  private static Object concurrentSet() {
    ConcurrentHashMap.KeySetView<Object, Boolean> set = ConcurrentHashMap.newKeySet();
    set.add(1);
    return set;
  }

  @ParameterizedTest
  @MethodSource("kept")
  void comesBackAloneAndInABean(Object value) {
    Object read = Codecs.roundTrip(codec, value);
    assertThat(read).isEqualTo(value);
    assertThat(read.getClass()).isEqualTo(value.getClass());
    RoundTripTest.Box box = new RoundTripTest.Box();
    box.content = value;
    assertThat(Codecs.roundTrip(codec, box).content).isEqualTo(value);
  }

  @Test
  void queuesAndAtomicArraysComeBack() {
    assertThat(Codecs.roundTrip(codec, new LinkedBlockingQueue<>(List.of(1, 2))))
        .containsExactly(1, 2);
    AtomicReferenceArray<String> array = new AtomicReferenceArray<>(new String[] {"x"});
    assertThat(Codecs.roundTrip(codec, array).get(0)).isEqualTo("x");
  }

  @Test
  void aMapOrderedByAccessStaysOneAloneInABeanAndWithinItself() {
    LinkedHashMap<Object, Object> recent = new LinkedHashMap<>(16, 0.75f, true);
    for (int i = 1; i <= 3; i++) {
      recent.put(i, "v");
    }
    recent.put("self", recent);
    recent.get(1);
    LinkedHashMap<Object, Object> read = Codecs.roundTrip(codec, recent);
    assertThat(recent.keySet()).as("not touched").containsExactly(2, 3, "self", 1);
    assertThat(read.keySet()).containsExactly(2, 3, "self", 1);
    assertThat(read.get("self")).isSameAs(read);
    read.get(2);
    assertThat(read.keySet()).containsExactly(3, 1, "self", 2);

    LinkedHashMap<Object, Object> plain = Codecs.roundTrip(codec, new LinkedHashMap<>(tree()));
    plain.get(1);
    assertThat(plain.keySet()).containsExactly(1, 2, 3);
  }

  // Refused

  record Refused(Object value, String type, String path, String remedy) {}

  static Stream<Refused> refused() {
    String copy = "Copy what it holds";
    Runnable lambda = () -> {};
    return Stream.of(
        new Refused(
            Collections.unmodifiableMap(tree()).keySet(),
            "TreeMap$KeySet",
            "UnmodifiableSet",
            copy),
        new Refused(
            box(new Vector<>(List.of(1, 2)).subList(0, 1)),
            "AbstractList$RandomAccessSubList",
            "Box.content",
            copy),
        new Refused(box(tree().values()), "TreeMap$Values", "Box.content", copy),
        new Refused(
            List.of(List.of(1, 2, 3).subList(0, 2)),
            "ImmutableCollections$SubList",
            "List12[0]",
            copy),
        new Refused(box(Map.entry(1, 2)), "java.util.KeyValueHolder", "Box.content", copy),
        new Refused(box(Optional.of(1)), "java.util.Optional", "Box.content", "codec.plain="),
        new Refused(
            plainBox(Optional.of(Arrays.asList(1, new ThreadLocal<>()))),
            "java.lang.ThreadLocal",
            "Box.content.get()[1]",
            copy),
        new Refused(
            box(new TreeSet<>(Comparator.comparing(String::length))),
            "ZooTest$$Lambda",
            "",
            "Use a named class"),
        new Refused(box(lambda), "ZooTest$$Lambda", "Box.content", "Use a named class"),
        new Refused(
            box(Collections.unmodifiableList(new ArrayList<>(List.of(lambda)))),
            "ZooTest$$Lambda",
            "Box.content[0]",
            "Use a named class"),
        new Refused(
            box(new IllegalStateException(new HasThread("x"))),
            "java.lang.Thread",
            "Box.content.getCause().thread",
            copy),
        new Refused(
            box(new ZooTest().anonymous()), "ZooTest", "Box.content.this$0", "make the field"));
  }

  private static Object plainBox(Object content) {
    RoundTripTest.Box box = new RoundTripTest.Box();
    box.content = content;
    return box;
  }

  private static Object box(Object content) {
    RoundTripTest.SerializableBox box = new RoundTripTest.SerializableBox();
    box.content = content;
    return box;
  }

  private Object anonymous() {
    return new HashMap<Object, Object>() {
      @Override
      public String toString() {
        return ZooTest.this.getClass() + super.toString();
      }
    };
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefusedWithClassPathAndRemedy(Refused refused) {
    assertThatThrownBy(() -> codec.encode(refused.value()))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining(refused.type())
        .hasMessageContaining(refused.path())
        .hasMessageContaining(refused.remedy());
  }

  @Test
  void anExceptionInTheApplicationsOwnCodeIsARefusalAndOneInACollectionARace() {
    assertThatThrownBy(() -> codec.encode(new Failing()))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("its own code failed")
        .hasRootCauseMessage("mine");
    assertThatThrownBy(() -> codec.encode(new Stumbling()))
        .isInstanceOf(ConcurrentModificationException.class);
  }

  static final class External implements Externalizable {
    private String name;

    public External() {}

    External(String name) {
      this.name = name;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws java.io.IOException {
      out.writeUTF(name);
    }

    @Override
    public void readExternal(ObjectInput in) throws java.io.IOException {
      name = in.readUTF();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof External that && that.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /** Another object stands for it while it is written. */
  static final class Replaced implements Serializable {
    private final transient String name;

    Replaced(String name) {
      this.name = name;
    }

    private Object writeReplace() {
      return new Stand(name);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Replaced that && that.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  record Stand(String name) implements Serializable {
    private Object readResolve() {
      return new Replaced(name);
    }
  }

  static final class HashMapWithField extends HashMap<String, String> {
    private final String title;

    HashMapWithField(String title) {
      super(Map.of("k", "v"));
      this.title = title;
    }

    @Override
    public boolean equals(Object other) {
      return super.equals(other)
          && other instanceof HashMapWithField that
          && Objects.equals(that.title, title);
    }

    @Override
    public int hashCode() {
      return super.hashCode() + title.hashCode();
    }
  }

  static final class HasThread extends RuntimeException {
    final Thread thread = Thread.currentThread();

    HasThread(String message) {
      super(message);
    }
  }

  static final class Failing implements Serializable {
    private void writeObject(java.io.ObjectOutputStream out) {
      throw new IllegalStateException("mine");
    }
  }

  /** As a collection does that another thread changes. */
  static final class Stumbling implements Serializable {
    private void writeObject(java.io.ObjectOutputStream out) {
      new ArrayList<>().get(0);
    }
  }
}
