package dev.holdfast.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Array;

/** An array of objects, or of arrays. */
final class ArraySerializer extends Serializer<Object> {

  @Override
  public void write(Kryo kryo, Output output, Object array) {
    Object[] elements = (Object[]) array;
    output.writeVarInt(elements.length, true);
    for (Object element : elements) {
      kryo.writeClassAndObject(output, element);
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    int length = BoundedInput.length(input, 1);
    Object[] array = (Object[]) Array.newInstance(type.getComponentType(), length);
    kryo.reference(array);
    for (int i = 0; i < length; i++) {
      try {
        array[i] = kryo.readClassAndObject(input);
      } catch (ArrayStoreException e) {
        throw new UndecodableValueException(
            "An element of " + type.getName() + " is of another class now", e);
      }
    }
    return array;
  }
}
