package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.testing.OtherPackageBase;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which fields come back and which constructors run: those that Java serialization says. */
class FieldsAndConstructorsTest {
  private final AttributeCodec here = Codecs.ofTests();
  private final AttributeCodec there = Codecs.ofTests();

  static Stream<Object> values() {
    return Stream.of(
        new Cart(),
        new Order(),
        new Report().fill(),
        new Token("x"),
        new OfProtectedBase(),
        new OfPackagePrivateBase(),
        new Middle("m").with("base"),
        new SameNames(),
        new FromAbstract());
  }

  @ParameterizedTest
  @MethodSource("values")
  void comesBackAsFromJavaSerialization(Object value) throws Exception {
    assertThat(there.decode(here.encode(value)).toString())
        .isEqualTo(JavaSerialization.roundTrip(value).toString());
  }

  /** Kryo does all of these: the whole value does not have to go to JDK serialization. */
  @ParameterizedTest
  @MethodSource("values")
  void withoutJdkSerialization(Object value) {
    assertThat(here.encode(value)[1]).isEqualTo((byte) 1);
  }

  @Test
  void aServiceThatABaseClassHoldsIsTheOneOfThisJvm() {
    Order read = (Order) there.decode(here.encode(new Order()));
    assertThat(read.catalogue).isSameAs(Catalogue.ONE);
  }

  static Stream<Object> unreadable() {
    return Stream.of(new OfPrivateBase(), new OfBaseWithoutConstructor(1), new OfOtherPackage(1));
  }

  /** As far as the constructor goes; the message says what is wrong. */
  @ParameterizedTest
  @MethodSource("unreadable")
  void whatJavaSerializationCannotMakeIsRefused(Object value) throws Exception {
    assertThat(JavaSerialization.writesButCannotRead(value)).isTrue();
    assertThatThrownBy(() -> here.encode(value))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining(value.getClass().getSuperclass().getName())
        .hasMessageContaining("no-argument constructor");
  }

  /** The hash of a key that leads back to its map is asked for in the same half-read state. */
  @Test
  void keysThatLeadBackAreHashedInTheStateInWhichJavaSerializationHashesThem() throws Exception {
    for (Object value : List.of(new PrimitiveKey(7), new LateKey(7), new InSet(7))) {
      String java = JavaSerialization.roundTrip(value).toString();
      assertThat(there.decode(here.encode(value)).toString())
          .as(value.getClass().getSimpleName())
          .isEqualTo(java);
    }
  }

  static class LoggingBase {
    private final Logger log = Logger.getLogger("shop");

    void say(String text) {
      log.fine(text);
    }
  }

  static final class Cart extends LoggingBase implements Serializable {
    final List<String> items = new ArrayList<>(List.of("anvil"));

    @Override
    public String toString() {
      say("printed");
      return "Cart" + items;
    }
  }

  static final class Catalogue {
    static final Catalogue ONE = new Catalogue();
  }

  static class ServiceBase {
    final Catalogue catalogue = Catalogue.ONE;
  }

  static final class Order extends ServiceBase implements Serializable {
    final String item = "anvil";

    @Override
    public String toString() {
      return item + (catalogue == Catalogue.ONE);
    }
  }

  static final class Report implements Serializable {
    private transient List<String> rows = new ArrayList<>();
    private transient int count = 5;

    List<String> rows() {
      if (rows == null) {
        rows = new ArrayList<>(List.of("r1", "r2"));
      }
      return rows;
    }

    Report fill() {
      rows().addAll(List.of("r1", "r2"));
      return this;
    }

    @Override
    public String toString() {
      return rows() + " " + count;
    }
  }

  static final class Token implements Serializable {
    final String text;

    @SuppressWarnings("unused")
    private Token() {
      throw new AssertionError("use the other one");
    }

    Token(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static class ProtectedBase {
    String made;

    protected ProtectedBase() {
      made = "made";
    }
  }

  static final class OfProtectedBase extends ProtectedBase implements Serializable {
    OfProtectedBase() {
      made = "changed";
    }

    @Override
    public String toString() {
      return made;
    }
  }

  static class PackagePrivateBase {
    String made;

    PackagePrivateBase() {
      made = "made";
    }
  }

  static final class OfPackagePrivateBase extends PackagePrivateBase implements Serializable {
    @Override
    public String toString() {
      return made;
    }
  }

  static class Base {
    String base = "default";
  }

  static class Middle extends Base implements Serializable {
    final String middle;

    Middle(String middle) {
      this.middle = middle;
    }

    Middle with(String text) {
      base = text;
      return this;
    }

    @Override
    public String toString() {
      return base + middle;
    }
  }

  static class NamedBase implements Serializable {
    private final String name = "base";

    String base() {
      return name;
    }
  }

  static final class SameNames extends NamedBase {
    private final String name = "own";

    @Override
    public String toString() {
      return name + base();
    }
  }

  abstract static class Abstract implements Serializable {
    final int number;

    Abstract(int number) {
      this.number = number;
    }
  }

  static final class FromAbstract extends Abstract {
    FromAbstract() {
      super(3);
    }

    @Override
    public String toString() {
      return "" + number;
    }
  }

  static class PrivateBase {
    private PrivateBase() {}
  }

  static final class OfPrivateBase extends PrivateBase implements Serializable {}

  static class BaseWithoutConstructor {
    BaseWithoutConstructor(int number) {}
  }

  static final class OfBaseWithoutConstructor extends BaseWithoutConstructor
      implements Serializable {
    OfBaseWithoutConstructor(int number) {
      super(number);
    }
  }

  static final class OfOtherPackage extends OtherPackageBase implements Serializable {
    OfOtherPackage(int number) {
      super(number);
    }
  }

  static final class PrimitiveKey implements Serializable {
    final Map<Object, String> all = new HashMap<>();
    final int number;

    PrimitiveKey(int number) {
      this.number = number;
      all.put(this, "me");
    }

    @Override
    public int hashCode() {
      return number;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof PrimitiveKey that && that.number == number;
    }

    @Override
    public String toString() {
      return number + " found " + all.containsKey(this);
    }
  }

  static final class LateKey implements Serializable {
    final Integer number;
    final Map<Object, String> zMap = new HashMap<>();

    LateKey(int number) {
      this.number = number;
      zMap.put(this, "me");
    }

    @Override
    public int hashCode() {
      return number == null ? 0 : number;
    }

    @Override
    public boolean equals(Object other) {
      return other == this;
    }

    @Override
    public String toString() {
      return number + " found " + zMap.containsKey(this);
    }
  }

  static class NumberedBase implements Serializable {
    Integer number;
  }

  static final class InSet extends NumberedBase {
    final Set<Object> all = new HashSet<>();

    InSet(int number) {
      this.number = number;
      all.add(this);
    }

    @Override
    public int hashCode() {
      return number == null ? 0 : number;
    }

    @Override
    public boolean equals(Object other) {
      return other == this;
    }

    @Override
    public String toString() {
      return number + " found " + all.contains(this);
    }
  }
}
