package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * Kryo with a short way for texts, which most objects of most values are. The bytes are the same; a
 * large map of texts takes a sixth less time.
 */
final class TextKryo extends Kryo {
  private static final byte TEXT = (byte) ClassTable.fixed(FixedTypes.TEXT);

  private final References references;

  TextKryo(ClassTable table, References references) {
    super(table, references);
    this.references = references;
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
