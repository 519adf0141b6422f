package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.ClassResolver;
import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * Kryo with a shortcut for strings, which are most of the objects in most values, and with the
 * {@link GraphWalk} of the walk under way. The bytes are the same; a large map of strings takes a
 * sixth less time.
 */
final class TextKryo extends Kryo {
  private static final byte TEXT = (byte) ValueTypes.reference(ValueTypes.TEXT);

  private final References references;
  private final GraphWalk walk;

  TextKryo(ClassResolver classes, References references, GraphWalk walk) {
    super(classes, references);
    this.references = references;
    this.walk = walk;
  }

  /** The walk under way, for the serializers, which all Kryos share. */
  static GraphWalk walk(Kryo kryo) {
    return ((TextKryo) kryo).walk;
  }

  @Override
  public void writeClassAndObject(Output output, @Nullable Object object) {
    if (!(object instanceof String text)) {
      super.writeClassAndObject(output, object);
      return;
    }
    output.writeByte(TEXT);
    int id = references.getWrittenId(text);
    if (id >= 0) {
      output.writeVarInt(id + 2, true);
      return;
    }
    references.addWrittenObject(text);
    output.writeByte(NOT_NULL);
    output.writeString(text);
  }

  @Override
  public @Nullable Object readClassAndObject(Input input) {
    if (!((BoundedInput) input).skip(TEXT, NOT_NULL)) {
      return super.readClassAndObject(input);
    }
    int id = references.nextReadId(String.class);
    String text = ValueSerializer.readString(input);
    references.setReadObject(id, text);
    return text;
  }
}
