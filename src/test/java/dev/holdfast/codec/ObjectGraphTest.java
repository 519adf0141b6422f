package dev.holdfast.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.UnencodableValueException;
import dev.holdfast.codec.testing.GraphRecipe;
import dev.holdfast.codec.testing.Shape;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever an application puts together comes back in the same shape or is refused. */
class ObjectGraphTest {
  private final AttributeCodec codec = Codecs.ofTests();

  @Provide
  Arbitrary<GraphRecipe> all() {
    return GraphRecipe.all();
  }

  @Provide
  Arbitrary<GraphRecipe> serializable() {
    return GraphRecipe.serializable();
  }

  @Property(tries = 500)
  void aSerializableGraphComesBackInTheSameShape(@ForAll("serializable") GraphRecipe recipe) {
    Object graph = recipe.build();
    assertThat(Shape.of(codec.decode(codec.encode(graph)))).isEqualTo(Shape.of(graph));
  }

  @Property(tries = 500)
  void anyGraphComesBackInTheSameShapeOrIsRefusedWithAReason(@ForAll("all") GraphRecipe recipe) {
    Object graph = recipe.build();
    byte[] bytes;
    try {
      bytes = codec.encode(graph);
    } catch (UnencodableValueException e) {
      assertThat(e).hasMessageContaining(" cannot be kept in a session: ");
      return;
    }
    assertThat(Shape.of(codec.decode(bytes))).isEqualTo(Shape.of(graph));
  }

  @Property(tries = 500)
  void theSameInstanceGivesTheSameBytesAndStaysAsItWas(@ForAll("serializable") GraphRecipe recipe) {
    Object graph = recipe.build();
    String before = Shape.of(graph);
    byte[] bytes = codec.encode(graph);
    assertThat(codec.encode(graph)).isEqualTo(bytes);
    assertThat(Shape.of(graph)).isEqualTo(before);
    Object read = codec.decode(bytes);
    assertThat(codec.encode(read)).isEqualTo(codec.encode(read));
  }
}
