package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.FailedValueException;
import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.StorableClasses.Refusal;
import dev.holdfast.codec.StorableClasses.Verdict;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Serializable;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a class agrees with what the codec does with its values. */
class StorableClassesTest {
  private static final ClassLoader LOADER = StorableClassesTest.class.getClassLoader();
  private static final ClassAllowList NONE_OF_OURS =
      new ClassAllowList(
          LOADER, new ClassesByLocation(LOADER, url -> false, url -> false), Set.of());

  private final StorableClasses classes = new StorableClasses(Codecs.allowing(LOADER), Set.of());
  private final AttributeCodec codec = Codecs.ofTests();

  static Stream<Arguments> values() throws Exception {
    Stream<Object> ours =
        Stream.of(
            new Cart(),
            new Item(),
            new Line(1),
            new Wrapper(),
            new Thread(),
            new ByteArrayInputStream(new byte[0]),
            new Semaphore(1),
            new ReentrantLock(),
            Optional.of(1),
            new Object(),
            new Item[0],
            new Object() {},
            (Runnable) () -> {},
            (Runnable & Serializable) () -> {},
            Map.of(1, 2).entrySet().iterator(),
            List.of(1).stream());
    return Stream.of(
            ours,
            ListedClassesTest.kept().stream().map(ListedClassesTest.Case::value),
            ListedClassesTest.local().stream().map(ListedClassesTest.Case::value),
            ZooTest.kept(),
            ZooTest.refused().map(ZooTest.Refused::value),
            PlainClassesTest.inside(),
            PlainClassesTest.written())
        .flatMap(each -> each)
        .map(value -> Arguments.of((Object) value));
  }

  @ParameterizedTest
  @MethodSource("values")
  void agreesWithTheCodecOnAnyValueOfTheClass(Object value) {
    assertAgrees(codec, classes, value);
    assertAgrees(
        new AttributeCodec(NONE_OF_OURS), new StorableClasses(NONE_OF_OURS, Set.of()), value);
  }

  private static void assertAgrees(AttributeCodec codec, StorableClasses classes, Object value) {
    Refusal refusal = classes.of(value.getClass()).itself();
    UnencodableValueException thrown = null;
    try {
      codec.encode(value);
    } catch (FailedValueException e) {
      return;
    } catch (UnencodableValueException e) {
      thrown = e;
    }
    if (refusal != null) {
      assertThat(thrown).as("refused: " + refusal).isNotNull();
      assertThat(thrown).hasMessageContaining(refusal.className());
    } else if (thrown != null) {
      assertThat(thrown.getMessage())
          .as("kept as far as its class goes")
          .doesNotStartWith(value.getClass().getName() + " cannot be kept in a session: it is");
    }
  }

  // Fields

  static final class Item {
    String name = "rope";
  }

  static final class Cart implements Serializable {
    private static final long serialVersionUID = 1L;
    Item first;
    List<Item> items = new ArrayList<>();
    transient InputStream upload;
  }

  record Line(int count) implements Serializable {}

  static final class Wrapper {
    Item item = new Item();
    Connection connection;
    InputStream[] parts;
  }

  @Test
  void aPlainClassInsideASerializableOneIsFoundByItsField() {
    Verdict verdict = classes.of(Cart.class);
    assertThat(verdict.itself()).isNull();
    assertThat(verdict.inside())
        .singleElement()
        .satisfies(inside -> assertThat(inside.path()).isEqualTo("first"))
        .satisfies(inside -> assertThat(inside.className()).isEqualTo(Item.class.getName()));

    Cart cart = new Cart();
    codec.encode(cart);
    cart.first = new Item();
    assertThatThrownBy(() -> codec.encode(cart)).hasMessageContaining(Item.class.getName());
  }

  static final class Basket implements Serializable {
    private static final long serialVersionUID = 1L;
    List<Item> items = new ArrayList<>();
  }

  @Test
  void theElementsOfACollectionAreJudgedByItsDeclaration() {
    assertThat(classes.of(Basket.class).inside())
        .singleElement()
        .satisfies(inside -> assertThat(inside.path()).isEqualTo("items[]"));

    Basket basket = new Basket();
    basket.items.add(new Item());
    assertThatThrownBy(() -> codec.encode(basket)).hasMessageContaining(Item.class.getName());
  }

  @Test
  void aPlainObjectMayHoldPlainOnesButNothingOfThisJvm() {
    assertThat(classes.of(Wrapper.class).inside())
        .extracting(Refusal::path)
        .containsExactly("connection", "parts");
    codec.encode(new Wrapper());
  }

  @Test
  void codecPlainAdmitsThem() {
    StorableClasses admitting =
        new StorableClasses(Codecs.allowing(LOADER), Set.of(Item.class.getName()));
    assertThat(admitting.of(Cart.class).isClear()).isTrue();
  }

  @Test
  void whatOnlyTheListRefusesSaysSo() {
    StorableClasses strict = new StorableClasses(NONE_OF_OURS, Set.of());
    assertThat(strict.of(Line.class).itself()).isNotNull().matches(Refusal::listed);
    assertThat(classes.of(Thread.class).itself()).isNotNull().matches(refusal -> !refusal.listed());
  }

  @Test
  void anInterfaceTellsNothingUnlessItStandsForThisJvm() {
    assertThat(classes.ofDeclared(List.class)).isNull();
    assertThat(classes.ofDeclared(Object.class)).isNull();
    assertThat(classes.ofDeclared(InputStream.class)).isNotNull();
    assertThat(classes.ofDeclared(Item.class)).isNotNull();
  }
}
