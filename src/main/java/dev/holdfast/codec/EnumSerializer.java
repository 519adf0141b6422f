package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;

/** Writes an enum constant by its name, so that constants may be added and moved. */
final class EnumSerializer extends Serializer<Object> {

  @Override
  public void write(Kryo kryo, Output output, Object constant) {
    output.writeString(((Enum<?>) constant).name());
  }

  @Override
  @SuppressWarnings({"unchecked", "rawtypes"})
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    String name = input.readString();
    try {
      return Enum.valueOf((Class) type, name);
    } catch (IllegalArgumentException e) {
      throw new UndecodableValueException(
          "The enum "
              + type.getName()
              + " has no constant "
              + NamedClasses.printable(name)
              + " any more",
          e);
    }
  }
}
