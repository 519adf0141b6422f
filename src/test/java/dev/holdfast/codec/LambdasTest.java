package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.forbidden.Marker;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Lambdas and method references that Java serialization keeps. */
@SuppressWarnings("unchecked")
class LambdasTest {
  private final AttributeCodec here = Codecs.ofTests();
  private final AttributeCodec there = Codecs.ofTests();

  private <T> T read(T value) {
    return (T) there.decode(here.encode(value));
  }

  interface Key<T, R> extends Function<T, R>, Serializable {}

  @Test
  void ofTheApplicationComeBackWithWhatTheyCapture() {
    List<String> captured = new ArrayList<>(List.of("a"));
    Supplier<List<String>> lambda = (Supplier<List<String>> & Serializable) () -> captured;
    assertThat(read(lambda).get()).isEqualTo(captured).isNotSameAs(captured);

    Key<String, Integer> reference = String::length;
    Key<String, String> bound = "prefix "::concat;
    assertThat(read(reference).apply("abc")).isEqualTo(3);
    assertThat(read(bound).apply("abc")).isEqualTo("prefix abc");

    Holder holder = new Holder();
    holder.lambda = lambda;
    holder.captured = captured;
    Holder readHolder = read(holder);
    assertThat(((Supplier<?>) readHolder.lambda).get()).isSameAs(readHolder.captured);

    PlainHolder plain = new PlainHolder();
    plain.lambda = reference;
    assertThat(((Key<String, Integer>) read(plain).lambda).apply("ab")).isEqualTo(2);
  }

  @Test
  void comparatorsOfTheJdkComeBack() {
    Comparator<Map.Entry<String, Integer>> byKey = Map.Entry.comparingByKey();
    assertThat(read(byKey).compare(Map.entry("a", 2), Map.entry("b", 1))).isNegative();
    Key<String, Integer> length = String::length;
    Comparator<String> order =
        Comparator.comparing(length).reversed().thenComparing(Comparator.naturalOrder());
    TreeSet<String> set = new TreeSet<>(order);
    set.addAll(List.of("a", "ccc", "bb", "b"));
    assertThat(read(set)).containsExactly("ccc", "bb", "a", "b");
    TreeSet<String> again = read(read(set));
    again.add("dddd");
    assertThat(again.first()).isEqualTo("dddd");
    TreeMap<String, Object> map = new TreeMap<>(Collections.reverseOrder(order));
    map.put("a", map);
    assertThat(read(map).get("a")).isInstanceOf(TreeMap.class);
    assertThat(read(new PriorityBlockingQueue<>(3, order)).comparator()).isNotNull();
  }

  @Test
  void theClassThatMadeOneHasToBeAllowed() {
    assertThatThrownBy(() -> here.encode(Marker.lambda()))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("codec.allow=dev.holdfast.codec.forbidden.Marker ");
    AttributeCodec allowing =
        new AttributeCodec(
            Codecs.allowing(getClass().getClassLoader(), Marker.class.getName()), Codecs.MAX_BYTES);
    assertThat((Object) Codecs.roundTrip(allowing, Marker.lambda())).isInstanceOf(Runnable.class);
  }

  @Test
  void oneThatCapturesWhatIsNotSerializableIsRefused() {
    PlainHolder plain = new PlainHolder();
    Supplier<Object> lambda = (Supplier<Object> & Serializable) () -> plain;
    assertThatThrownBy(() -> here.encode(lambda))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("PlainHolder");
    assertThatThrownBy(() -> here.encode(Comparator.comparing(String::length)))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("Lambda")
        .hasMessageContaining("cast the lambda");
  }

  @Test
  void theSameLambdaGivesTheSameBytes() {
    Key<String, Integer> length = String::length;
    assertThat(here.encode(length)).isEqualTo(here.encode(length));
    assertThat(here.isImmutable(length)).isFalse();
  }

  static final class Holder implements Serializable {
    Object captured;
    Object lambda;
  }

  static final class PlainHolder {
    Object lambda;
  }
}
