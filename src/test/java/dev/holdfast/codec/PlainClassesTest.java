package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plain classes, which Java serialization refuses: where they are kept and where not. */
class PlainClassesTest {
  private final AttributeCodec codec = Codecs.ofTests();

  private static AttributeCodec with(String... plain) {
    ClassAllowList allowed = Codecs.allowing(PlainClassesTest.class.getClassLoader());
    return new AttributeCodec(allowed, Set.of(plain), Codecs.MAX_BYTES);
  }

  static Stream<Object> inside() {
    Service service = new Service();
    Order order = new Order();
    order.service = service;
    Plain withOrder = new Plain();
    withOrder.content = order;
    Plain withList = new Plain();
    withList.content = new ArrayList<>(List.of(service));
    return Stream.of(
        order,
        new ArrayList<>(List.of(service)),
        List.of(service),
        new HashMap<>(Map.of("k", service)),
        new TreeMap<>(Map.of("k", service)),
        new AtomicReference<>(service),
        new Object[][] {{service}},
        Optional.of(service),
        new SubOrder(service),
        withOrder,
        withList);
  }

  @ParameterizedTest
  @MethodSource("inside")
  void insideASerializableObjectIsRefusedWithThePathAndTheSetting(Object value) {
    assertThatThrownBy(() -> JavaSerialization.roundTrip(value))
        .isInstanceOf(NotSerializableException.class);
    assertThatThrownBy(() -> codec.encode(value))
        .isInstanceOf(UnencodableValueException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("codec.allow"))
        .hasMessageContaining(Service.class.getName() + " (at ")
        .hasMessageContaining("codec.plain=" + Service.class.getName() + " ");
  }

  @ParameterizedTest
  @MethodSource("inside")
  void theSettingHelpsByNameAndByPackage(Object value) {
    for (String name : List.of(Service.class.getName(), "dev.holdfast.*")) {
      AttributeCodec here = with(name);
      AttributeCodec there = with(name);
      assertThat(there.decode(here.encode(value))).hasSameClassAs(value);
    }
    assertThatThrownBy(() -> with("dev.holdfast.codec.Plain").encode(value))
        .isInstanceOf(UnencodableValueException.class);
  }

  record Line(Object content) implements Serializable {}

  /** Neither who has the setting nor who has not may be led to it. */
  @Test
  void theSettingDoesNotReachInsideWhatJdkSerializationWritesAndTheMessageSaysSo() {
    for (AttributeCodec each : List.of(codec, with(Service.class.getName()))) {
      assertThatThrownBy(() -> each.encode(new Line(new Service())))
          .isInstanceOf(UnencodableValueException.class)
          .hasMessageContaining(Service.class.getName() + " (at Line.content)")
          .hasMessageContaining("codec.plain does not reach inside");
    }
  }

  @Test
  void asTheValueItselfAndThroughPlainObjectsItIsKept() {
    Plain outer = new Plain();
    Plain inner = new Plain();
    inner.content = new Plain[] {outer, new Plain()};
    outer.content = inner;
    Plain read = (Plain) codec.decode(codec.encode(outer));
    Plain[] array = (Plain[]) ((Plain) read.content).content;
    assertThat(array[0]).isSameAs(read);
  }

  static Stream<Object> written() {
    return Stream.of(
        Pattern.compile("a+"),
        List.of(Pattern.compile("b")),
        new Line("x"),
        Locale.ROOT,
        String.class,
        TimeUnit.DAYS);
  }

  /** Also what JDK serialization writes, beside the objects around it. */
  @ParameterizedTest
  @MethodSource("written")
  void whatAPlainObjectHoldsComesBack(Object content) {
    Plain outer = new Plain();
    Plain inner = new Plain();
    inner.content = content;
    outer.content = new Plain[] {inner, outer};

    Plain read = (Plain) codec.decode(codec.encode(outer));

    Plain[] array = (Plain[]) read.content;
    assertThat(array[0].content).hasToString(content.toString());
    assertThat(array[1]).isSameAs(read);
  }

  /** It is the same object whichever way is gone first. */
  @Test
  void whatASerializableObjectSharesIsRefusedInWhateverOrder() {
    Service service = new Service();
    Order order = new Order();
    order.service = service;
    assertThatThrownBy(() -> codec.encode(new PlainFirst(service, order)))
        .hasMessageContaining("codec.plain");
    assertThatThrownBy(() -> codec.encode(new SerializableFirst(order, service)))
        .hasMessageContaining("codec.plain");
  }

  /** A constant that is compared by identity would come back as another object. */
  @Test
  void anObjectOfNoClassIsRefusedInsideToo() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("none", new Object());
    assertThatThrownBy(() -> JavaSerialization.roundTrip(map))
        .isInstanceOf(NotSerializableException.class);
    assertThatThrownBy(() -> codec.encode(map)).isInstanceOf(UnencodableValueException.class);
  }

  static class Service {
    static final Service ONE = new Service();
    int calls;
  }

  static class Order implements Serializable {
    Object service;
  }

  /** Whose fields come after those of a Serializable superclass. */
  static final class SubOrder extends Order {
    final Service own;

    SubOrder(Service own) {
      this.own = own;
    }
  }

  static final class Plain {
    Object content;
  }

  static final class PlainFirst {
    final Service a;
    final Order b;

    PlainFirst(Service a, Order b) {
      this.a = a;
      this.b = b;
    }
  }

  static final class SerializableFirst {
    final Order a;
    final Service b;

    SerializableFirst(Order a, Service b) {
      this.a = a;
      this.b = b;
    }
  }
}
