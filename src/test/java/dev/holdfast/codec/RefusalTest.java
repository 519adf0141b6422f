package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.forbidden.Marker;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private final AttributeCodec codec = Codecs.ofTests();

  private AbstractThrowableAssert<?, ?> refusal(Object value) {
    return assertThatThrownBy(() -> codec.encode(value))
        .isInstanceOf(UnencodableValueException.class);
  }

  @Test
  void aClassThatIsNotAllowedIsNamedWithItsPathAndTheSetting() {
    Cart cart = new Cart();
    cart.items.add(new Item());
    cart.items.add(new Item());
    cart.items.get(1).owner = new Marker();
    refusal(cart)
        .hasMessage(
            "dev.holdfast.codec.forbidden.Marker (at Cart.items[1].owner) cannot be kept in a"
                + " session: it is not on the class allow-list. Configure an encryption key"
                + " (encryption.keys-file, with encryption=required), and every class of the"
                + " application may be stored; or set"
                + " codec.allow=dev.holdfast.codec.forbidden.Marker (commas separate several"
                + " names).");
    refusal(new Marker[0]).hasMessageContaining("codec.allow=dev.holdfast.codec.forbidden.Marker ");
    refusal(Marker.class).hasMessageContaining("codec.allow=dev.holdfast.codec.forbidden.Marker ");
    refusal(Collections.unmodifiableList(new ArrayList<>(List.of(new Marker()))))
        .hasMessageContaining("codec.allow=dev.holdfast.codec.forbidden.Marker ");
    refusal(Thread.currentThread()).hasMessageContaining("java.lang.Thread cannot be kept");
  }

  @Test
  void theSettingThatTheMessageNamesHelps() {
    AttributeCodec allowing =
        new AttributeCodec(
            Codecs.allowing(getClass().getClassLoader(), Marker.class.getName()), Codecs.MAX_BYTES);
    assertThat((Object) Codecs.roundTrip(allowing, new Marker())).isInstanceOf(Marker.class);
  }

  @Test
  void aViewThatIsNotSerializableIsRefused() {
    refusal(new HashMap<>(Map.of(1, 2)).keySet()).hasMessageContaining("java.util.HashMap$KeySet");
    refusal(new ArrayList<>(List.of(1, 2)).subList(0, 1))
        .hasMessageContaining("java.util.ArrayList$SubList");
    refusal(new WeakHashMap<>()).hasMessageContaining("java.util.WeakHashMap");
  }

  @Test
  void aLambdaThatIsNotSerializableIsRefused() {
    Supplier<String> lambda = () -> "x";
    Cart cart = new Cart();
    cart.extra = lambda;
    refusal(cart).hasMessageContaining("(at Cart.extra)").hasMessageContaining("lambda");
  }

  @Test
  void aRecordThatIsNotSerializableIsRefusedWithTheRemedy() {
    refusal(new Unserializable(1))
        .hasMessageContaining("it is a record")
        .hasMessageContaining("Implement java.io.Serial");
  }

  @Test
  void whatIsNotSerializableInsideJdkSerializationIsNamedWithItsPath() {
    SpecialList list = new SpecialList();
    list.add(new Cart());
    refusal(list)
        .hasMessageContaining("RefusalTest$Cart (at SpecialList[0]) cannot be kept")
        .hasMessageContaining("does not implement java.io.Serializable");
    Cart cart = new Cart();
    cart.extra = list;
    refusal(cart).hasMessageContaining("RefusalTest$Cart");
  }

  @Test
  void anObjectSharedBetweenAnEmbeddedStreamAndTheRestIsRefused() {
    Item shared = new Item();
    Cart cart = new Cart();
    cart.items.add(shared);
    SpecialList special = new SpecialList();
    special.add(shared);
    cart.extra = special;
    refusal(cart)
        .hasMessageContaining("RefusalTest$Item (at Cart.extra[0])")
        .hasMessageContaining("is shared");

    Cart twoStreams = new Cart();
    SpecialList other = new SpecialList();
    other.add(shared);
    twoStreams.extra = new ArrayList<>(List.of(special, other));
    refusal(twoStreams).hasMessageContaining("is shared");
  }

  @Test
  void aCycleThroughAnImmutableCollectionIsRefused() {
    Cart cart = new Cart();
    List<Object> inner = new ArrayList<>();
    List<Object> immutable = List.of(inner);
    inner.add(immutable);
    cart.extra = immutable;
    refusal(cart).hasMessageContaining("leads back to itself");
  }

  /** What leads back to the list would find what the list was written as. */
  @Test
  void aCycleThroughACollectionThatIsReplacedWhenWrittenIsRefused() {
    List<Object> inner = new ArrayList<>();
    List<Object> unmodifiable = Collections.unmodifiableList(inner);
    inner.add(unmodifiable);
    refusal(unmodifiable).hasMessageContaining("leads back to itself");
    refusal(inner).hasMessageContaining("leads back to itself");

    Item item = new Item();
    List<Object> special = new SpecialList();
    special.add(List.of(item));
    item.owner = special;
    refusal(special.get(0)).hasMessageContaining("leads back to itself");
    List<?> owner = (List<?>) Codecs.roundTrip(codec, special);
    assertThat(((Item) ((List<?>) owner.get(0)).get(0)).owner).isSameAs(owner);

    Cart throughABean = new Cart();
    throughABean.items.add(new Item());
    throughABean.extra = Collections.unmodifiableList(throughABean.items);
    throughABean.items.get(0).owner = throughABean.extra;
    refusal(throughABean).hasMessageContaining("cannot be kept in a session");
  }

  /** The entities of many an application: the parent comes first, so that nothing is met twice. */
  @Test
  void childrenInAnUnmodifiableListMayLeadToTheirParent() {
    List<Object> parents = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Item parent = new Item();
      Item child = new Item();
      child.owner = parent;
      parent.owner = Collections.unmodifiableList(new ArrayList<>(List.of(child)));
      parents.add(parent);
    }
    for (Object parent : Codecs.roundTrip(codec, parents)) {
      Object child = ((List<?>) ((Item) parent).owner).get(0);
      assertThat(((Item) child).owner).isSameAs(parent);
    }
  }

  @Test
  void anUnmodifiableListThatIsOnlySharedIsKept() {
    List<Object> shared = Collections.unmodifiableList(new ArrayList<>(List.of(new Item())));
    List<Object> list = new ArrayList<>(List.of(shared, shared, List.of(List.of("x"))));
    List<?> read = (List<?>) Codecs.roundTrip(codec, list);
    assertThat(((List<?>) read.get(0)).get(0)).isSameAs(((List<?>) read.get(1)).get(0));
  }

  @Test
  void aPartOfASortedSetIsRefused() {
    TreeSet<Integer> tree = new TreeSet<>(List.of(1, 2, 3));
    ConcurrentSkipListSet<Integer> skip = new ConcurrentSkipListSet<>(tree);
    for (Object part :
        List.of(
            tree.headSet(2),
            tree.tailSet(2),
            tree.subSet(1, 3),
            tree.descendingSet(),
            tree.headSet(0),
            tree.descendingSet().descendingSet(),
            skip.headSet(2),
            skip.descendingSet(),
            new ArrayList<>(List.of(tree.headSet(2))),
            Collections.unmodifiableSortedSet(tree.headSet(2)))) {
      refusal(part).hasMessageContaining("without its bounds").hasMessageContaining("TreeSet<>");
    }
    for (Object part : List.of(tree.clone(), skip.clone(), new TreeSet<>(tree.headSet(2)))) {
      assertThat((Object) Codecs.roundTrip(codec, part)).isEqualTo(part);
    }
  }

  /** Parts of sorted maps have classes of their own, which keep their bounds. */
  @Test
  void aPartOfASortedMapKeepsItsBounds() {
    TreeMap<Integer, String> tree = new TreeMap<>(Map.of(1, "a", 2, "b", 3, "c"));
    ConcurrentSkipListMap<Integer, String> skip = new ConcurrentSkipListMap<>(tree);
    for (SortedMap<Integer, String> part :
        List.of(
            tree.headMap(2),
            tree.subMap(1, true, 2, true),
            tree.descendingMap().tailMap(2),
            skip.headMap(2))) {
      SortedMap<Integer, String> read = Codecs.roundTrip(codec, part);
      assertThat(read).isEqualTo(part).hasSameClassAs(part);
      assertThatThrownBy(() -> read.put(3, "outside")).isInstanceOf(IllegalArgumentException.class);
    }
    List<?> both =
        (List<?>) Codecs.roundTrip(codec, new ArrayList<>(List.of(tree, tree.headMap(9))));
    @SuppressWarnings("unchecked")
    Map<Integer, String> whole = (Map<Integer, String>) both.get(0);
    whole.put(0, "new");
    assertThat(((Map<?, ?>) both.get(1)).get(0)).isEqualTo("new");
    refusal(tree.navigableKeySet()).hasMessageContaining("TreeMap$KeySet");
    refusal(tree.entrySet()).hasMessageContaining("TreeMap$EntrySet");
  }

  @Test
  void whatIsTooLargeIsRefusedWithBothNumbersOrTheLimit() {
    refusal("x".repeat(2_000_000)).hasMessageContaining("1048576 bytes");
    refusal(new byte[2_000_000]).hasMessageContaining("1048576 bytes");
    refusal(Collections.unmodifiableList(new ArrayList<>(List.of(new byte[2_000_000]))))
        .hasMessageContaining("1048576 bytes");
  }

  @Test
  void aLongChainIsRefusedAndALongListIsNot() {
    refusal(chain(5_000)).hasMessageContaining("nested deeper than 1000");
    refusal(Collections.unmodifiableList(new ArrayList<>(List.of(chain(700)))))
        .hasMessageContaining("nested deeper than 400");
    assertThatCode(() -> Codecs.roundTrip(codec, chain(990))).doesNotThrowAnyException();
    assertThatCode(
            () ->
                Codecs.roundTrip(
                    codec, Collections.unmodifiableList(new ArrayList<>(List.of(chain(390))))))
        .doesNotThrowAnyException();
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      list.add(new Node());
    }
    assertThat((List<?>) Codecs.roundTrip(codec, Collections.unmodifiableList(list)))
        .hasSize(5_000);
  }

  /** Around the limit every chain is either refused or comes back. */
  @Test
  void nothingIsWrittenThatIsTooDeepToBeRead() {
    for (int length = 350; length < 600; length += 3) {
      Object value = Collections.unmodifiableList(new ArrayList<>(List.of(chain(length))));
      byte[] bytes;
      try {
        bytes = codec.encode(value);
      } catch (UnencodableValueException e) {
        continue;
      }
      assertThatCode(() -> codec.decode(bytes)).doesNotThrowAnyException();
    }
  }

  private static Node chain(int length) {
    Node first = new Node();
    Node last = first;
    for (int i = 1; i < length; i++) {
      last.next = new Node();
      last = last.next;
    }
    return first;
  }

  @Test
  void whatCannotBeReadIsRefusedBeforeItIsWritten() {
    refusal(new FailingConstructor(1))
        .hasMessageContaining("written but not read")
        .hasMessageContaining("constructor");
    refusal(new FailingRead())
        .hasMessageContaining("written but not read")
        .hasMessageContaining("cannot rebuild");
  }

  @Test
  void aCollectionThatChangesMeanwhileIsReportedAsSuch() {
    List<Object> list = new ArrayList<>();
    list.add(new Changing(() -> list.add(1)));
    list.add(2);
    assertThatThrownBy(() -> codec.encode(list))
        .isInstanceOf(ConcurrentModificationException.class);
    Map<Object, Object> map = new HashMap<>();
    map.put(1, new Changing(() -> map.put(map.size() + 1, 2)));
    assertThatThrownBy(() -> codec.encode(map)).isInstanceOf(ConcurrentModificationException.class);
    assertThatThrownBy(() -> codec.encode(Collections.unmodifiableMap(map)))
        .isInstanceOf(ConcurrentModificationException.class);
  }

  static final class Cart {
    final List<Item> items = new ArrayList<>();
    Object extra;
  }

  static final class Item implements Serializable {
    Object owner;
  }

  record Unserializable(int x) {}

  static final class SpecialList extends ArrayList<Object> {}

  static final class Node implements Serializable {
    Node next;
  }

  static final class FailingConstructor {
    FailingConstructor(int x) {}

    FailingConstructor() {
      throw new IllegalStateException("no");
    }
  }

  static final class FailingRead implements Serializable {
    private void readObject(ObjectInputStream in) throws IOException {
      throw new IOException("cannot rebuild");
    }
  }

  /** Changes a collection while it is written. */
  static final class Changing implements Serializable {
    private static Runnable change = () -> {};

    Changing(Runnable change) {
      Changing.change = change;
    }

    private void writeObject(java.io.ObjectOutputStream out) {
      change.run();
    }

    private void readObject(ObjectInputStream in) {}
  }
}
