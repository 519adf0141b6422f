package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.forbidden.Marker;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What one node accepts, another with the same settings reads, whatever went before. */
class ReadableTest {
  private final AttributeCodec here = Codecs.ofTests();

  /** No list has to name what the stand-in of an allowed class becomes. */
  @Test
  void whatAnAllowedClassBecomesWhenItIsReadNeedsNoPermission() {
    for (int i = 0; i < 2; i++) {
      Object read = Codecs.ofTests().decode(here.encode(new StandIn()));
      assertThat(read).isInstanceOf(Marker.Entry.class);
      Object inList = Codecs.ofTests().decode(here.encode(new ArrayList<>(List.of(new StandIn()))));
      assertThat((List<?>) inList).hasOnlyElementsOfType(Marker.Entry.class);
    }
  }

  static Stream<Arguments> spoilt() {
    Even even = new Even();
    Positive positive = new Positive(new int[] {1});
    Fickle fickle = new Fickle();
    Key key = new Key();
    Name first = new Name("a");
    Set<Name> names = Set.of(first, new Name("b"));
    Map<Object, Object> map = new HashMap<>(Map.of(key, 1));
    return Stream.of(
        Arguments.of(even, (Runnable) () -> even.number = 3),
        Arguments.of(positive, (Runnable) () -> positive.numbers[0] = -1),
        Arguments.of(fickle, (Runnable) fickle::spoil),
        Arguments.of(map, (Runnable) () -> key.fails = true),
        Arguments.of(names, (Runnable) () -> first.text = "b"));
  }

  /** The class was read before; this value of it cannot be. */
  @ParameterizedTest
  @MethodSource("spoilt")
  void aValueThatCannotBeReadIsRefusedThoughOthersOfItsClassCan(Object value, Runnable spoil) {
    FickleBase.fails = false;
    Codecs.ofTests().decode(here.encode(value));
    spoil.run();
    assertThatThrownBy(() -> here.encode(value))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("written but not read");
    assertThatThrownBy(() -> Codecs.ofTests().encode(value))
        .isInstanceOf(UnencodableValueException.class)
        .hasMessageContaining("written but not read");
  }

  static final class StandIn implements Serializable {
    private Object readResolve() {
      return new Marker.Entry("became");
    }
  }

  static final class Even implements Serializable {
    int number = 2;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (number % 2 != 0) {
        throw new InvalidObjectException("odd");
      }
    }
  }

  record Positive(int[] numbers) implements Serializable {
    Positive {
      if (numbers[0] < 0) {
        throw new IllegalArgumentException("negative");
      }
    }
  }

  static class FickleBase {
    static boolean fails;

    FickleBase() {
      if (fails) {
        throw new IllegalStateException("not today");
      }
    }
  }

  static final class Fickle extends FickleBase implements Serializable {
    String name = "x";

    void spoil() {
      name = "y";
      fails = true;
    }
  }

  static final class Key implements Serializable {
    boolean fails;

    @Override
    public int hashCode() {
      if (fails) {
        throw new IllegalStateException("no hash");
      }
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      return other == this;
    }
  }

  static final class Name implements Serializable {
    String text;

    Name(String text) {
      this.text = text;
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Name that && that.text.equals(text);
    }
  }
}
